// Stands in for the package of the same name when the editor is bundled: it puts CodeMirror's rules
// into constructed style sheets, since the page's policy lets no script write a <style> element.
// The rules go into the layer `code`, so that styles/editor.css decides how everything looks.

import { StyleModule as Original } from '../../node_modules/style-mod/src/style-mod.js';

const mounted = new WeakMap();

export class StyleModule extends Original {
  static mount(root, modules) {
    const known = mounted.get(root) ?? new Set();
    mounted.set(root, known);
    for (const module of [modules].flat()) {
      if (known.has(module)) continue;
      known.add(module);
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`@layer code {\n${module.getRules()}\n}`);
      root.adoptedStyleSheets.push(sheet);
    }
  }
}
