// The theme that was chosen in the playground, before the first paint; the system's otherwise.
try {
  const theme = localStorage.getItem('polyarch.theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Without storage there was no choice.
}
