// CodeMirror for the page: one chunk, loaded after the first paint. It knows no language; colours,
// findings and completions come from the page as plain data, with offsets in UTF-16 units.
//
// The page owns the text. What is typed here is told at once; what the page changes by itself (a
// fix, an example) arrives with `update` as the smallest edit and can be undone like typing.

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from '@codemirror/commands';
import { lintKeymap, setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState, RangeSetBuilder, StateEffect, StateField, Transaction } from '@codemirror/state';
import {
  Decoration, EditorView, GutterMarker, drawSelection, gutter, highlightSpecialChars, keymap, lineNumbers,
} from '@codemirror/view';

/** Keys that the page itself answers, wherever the focus is. */
const PAGE_KEYS = new Set(['Mod-Enter', 'Mod-k', 'Ctrl-k', 'Mod-s', 'Mod-.', 'Shift-Mod-k', 'Alt-l', 'Mod-Alt-\\']);

/** State that outlives a view, by the text's id: undo still works after another tab was shown. */
const slots = new Map();

/** What the page knows of the text: see `Shown` in the Rust binding. */
const setShown = StateEffect.define();

const shownField = StateField.define({
  create: () => ({ lines: [], decorations: Decoration.none }),
  update(shown, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setShown)) return { lines: effect.value.lines, decorations: decorations(effect.value, transaction.state) };
    }
    if (!transaction.docChanged) return shown;
    return { lines: shown.lines, decorations: shown.decorations.map(transaction.changes) };
  },
  provide: (field) => EditorView.decorations.from(field, (shown) => shown.decorations),
});

/** Marks and lines in the one order that a range set takes. */
function decorations({ lines, tones, classes }, state) {
  const builder = new RangeSetBuilder();
  let next = 0;
  for (let number = 1; number <= state.doc.lines; number++) {
    const line = state.doc.line(number);
    const look = lines[number - 1]?.[0];
    if (look) builder.add(line.from, line.from, Decoration.line({ class: look }));
    for (; next < tones.length && tones[next] <= line.to; next += 3) {
      const [from, to, tone] = tones.slice(next, next + 3);
      if (from < to && to <= line.to) builder.add(from, to, mark(classes[tone]));
    }
  }
  return builder.finish();
}

const marks = new Map();
function mark(name) {
  if (!marks.has(name)) marks.set(name, Decoration.mark({ class: name }));
  return marks.get(name);
}

/** The loom's threads beside a line: one bar a step, as wide as the platforms that share it. */
class Threads extends GutterMarker {
  constructor(bars) {
    super();
    this.bars = bars;
  }
  eq(other) {
    return this.bars === other.bars;
  }
  toDOM() {
    const element = document.createElement('span');
    const bars = this.bars.split('|');
    element.className = 'threads';
    let columns = 0;
    for (const bar of bars) {
      const [look, width] = bar.split(':');
      const thread = element.appendChild(document.createElement('i'));
      thread.className = look;
      thread.style.gridColumn = `span ${width}`;
      columns += Number(width);
    }
    element.style.setProperty('--n', columns);
    return element;
  }
}

const threadGutter = gutter({
  class: 'cm-threads',
  lineMarker(view, block) {
    const number = view.state.doc.lineAt(block.from).number;
    const bars = view.state.field(shownField).lines[number - 1]?.[1];
    return bars ? new Threads(bars) : null;
  },
  lineMarkerChange: (update) => update.transactions.some((t) => t.effects.some((e) => e.is(setShown))),
});

/** A finding under the pointer or the caret: what, why, what next, and the rule. */
function explain(finding) {
  const box = document.createElement('div');
  box.className = 'cm-finding';
  for (const [name, text] of [['strong', finding.message], ['p', finding.why], ['p', finding.next]]) {
    if (text) box.appendChild(prose(document.createElement(name), text));
  }
  const link = box.appendChild(document.createElement('a'));
  link.href = `#/rules/${finding.rule}`;
  link.textContent = finding.rule;
  return box;
}

/** Sets what stands between backticks in code. */
function prose(element, text) {
  text.split('`').forEach((part, at) => {
    if (at % 2 === 0) element.append(part);
    else element.appendChild(document.createElement('code')).textContent = part;
  });
  return element;
}

function extensions(slot) {
  return [
    lineNumbers(),
    threadGutter,
    highlightSpecialChars(),
    history(),
    drawSelection(),
    closeBrackets(),
    shownField,
    slot.configurable.of([]),
    EditorState.lineSeparator.of('\n'),
    EditorState.tabSize.of(4),
    EditorState.languageData.of(() => [{ commentTokens: { line: '#' }, closeBrackets: { brackets: ['(', '[', '{', '"'] } }]),
    EditorView.clipboardInputFilter.of((text) => text.replace(/\r\n?/g, '\n')),
    autocompletion({
      icons: false,
      override: [(context) => slot.handlers.complete?.(context) ?? null],
    }),
    keymap.of([
      ...[closeBracketsKeymap, completionKeymap, lintKeymap, historyKeymap, defaultKeymap].flat()
        .filter(({ key }) => !PAGE_KEYS.has(key)),
    ]),
    EditorView.updateListener.of((update) => told(update, slot)),
  ];
}

const fromPage = (transaction) => transaction.annotation(Transaction.userEvent) === 'input.page';

/** Tells the page what the user did; its own edits it knows. */
function told(update, slot) {
  if (update.transactions.every(fromPage) && update.transactions.length > 0) return;
  if (update.docChanged) slot.handlers.change?.(update.state.doc.toString());
  if ((update.docChanged || update.selectionSet) && update.view.hasFocus) {
    slot.handlers.caret?.(update.state.doc.lineAt(update.state.selection.main.head).number);
  }
}

/** The smallest single replacement that turns one text into another. */
export function difference(before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return { from: start, to: before.length - end, insert: after.slice(start, after.length - end) };
}

/**
 * Puts an editor into `parent`.
 *
 * `shown` is JSON, see `update`; `handlers` are `change(text)`, `caret(line)`, `fix(finding)` and
 * `complete(text, at, explicit)`, which answers with JSON or nothing. `selection` is where a plain
 * editor had the caret while it had the focus, as two offsets.
 */
export function create(parent, id, generation, shown, handlers, selection) {
  const first = JSON.parse(shown);
  let slot = slots.get(id);
  if (!slot || slot.generation !== generation) {
    slot = { generation, configurable: new Compartment(), handlers: {} };
    slot.state = EditorState.create({ doc: first.text, extensions: extensions(slot) });
    slots.set(id, slot);
  }
  const mine = {
    ...handlers,
    complete(context) {
      const found = handlers.complete(context.state.doc.toString(), context.pos, context.explicit);
      return found ? { ...JSON.parse(found), validFor: /^[\w./:@=$-]*$/ } : null;
    },
  };
  slot.handlers = mine;
  const view = new EditorView({ state: slot.state, parent });
  let configured = '';

  function update(json) {
    const next = typeof json === 'string' ? JSON.parse(json) : json;
    const before = view.state.doc.toString();
    const options = JSON.stringify([next.label, next.readOnly, next.indent]);
    if (options !== configured) {
      configured = options;
      view.dispatch({ effects: slot.configurable.reconfigure(configurable(id, next)) });
    }
    if (before !== next.text) {
      view.dispatch({
        changes: difference(before, next.text),
        annotations: [Transaction.userEvent.of('input.page'), isolateHistory.of('full')],
      });
    }
    view.dispatch({ effects: setShown.of(next), annotations: Transaction.userEvent.of('input.page') });
    const findings = next.marks.map((finding) => ({
      from: finding.from,
      to: finding.to,
      severity: finding.severity,
      message: finding.message,
      renderMessage: () => explain(finding),
      actions: finding.fix ? [{ name: finding.fix, apply: () => slot.handlers.fix?.(finding.at) }] : [],
    }));
    view.dispatch(setDiagnostics(view.state, findings), { annotations: Transaction.userEvent.of('input.page') });
  }

  update(first);
  if (selection) {
    const [anchor, head] = Array.from(selection, (at) => Math.min(at, view.state.doc.length));
    view.dispatch({ selection: { anchor, head }, annotations: Transaction.userEvent.of('input.page') });
    view.focus();
  }
  return {
    update,
    /** Brings a line into view, by as little as it takes. */
    reveal(number) {
      if (number < 1 || number > view.state.doc.lines) return;
      const at = view.state.doc.line(number).from;
      view.dispatch({ effects: EditorView.scrollIntoView(at, { y: 'nearest', x: 'nearest', yMargin: 40 }) });
    },
    destroy() {
      slot.state = view.state;
      // The page's functions are gone from here on; another view may have brought its own.
      if (slot.handlers === mine) slot.handlers = {};
      view.destroy();
    },
  };
}

function configurable(id, { label, readOnly, indent }) {
  // The tab stop is said aloud: a region that scrolls must be reachable by keyboard.
  const attributes = { id, tabindex: '0', 'aria-label': label, spellcheck: 'false', autocapitalize: 'off', autocorrect: 'off' };
  return [
    EditorView.contentAttributes.of(readOnly ? { ...attributes, 'aria-readonly': 'true' } : attributes),
    EditorState.readOnly.of(readOnly),
    indent ? keymap.of([indentWithTab]) : [],
  ];
}
