// Runs before the first paint, so it is small and alone: the theme that the user chose, and whether
// the picture of the first example that the page brings along is what this visit will show.

const root = document.documentElement;
const stored = (key) => {
  try {
    return localStorage.getItem(`polyarch.${key}`);
  } catch {
    return null;
  }
};
const theme = stored('theme');
if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
const language = stored('language') ?? navigator.language ?? '';
const isFirst = !stored('project') && location.hash.length < 3 && !location.search;
if (isFirst && !/^zh\b/.test(language)) root.dataset.first = '';
