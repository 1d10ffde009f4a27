// The style of the HTML report: the reader's own light or dark, with no more than the report needs.

/** The colours of each scheme, by role; every one of a text is read on both backgrounds. */
export const palettes = {
  light: {
    background: '#ffffff',
    inset: '#f3f4f6',
    line: '#c4c9d0',
    text: '#1b1f24',
    muted: '#4b5561',
    link: '#0550ae',
    kept: '#116329',
    broken: '#a40e26',
    pending: '#7a4a00',
    skipped: '#4b5561',
  },
  dark: {
    background: '#0d1117',
    inset: '#1c2128',
    line: '#3d444d',
    text: '#e6edf3',
    muted: '#9da7b3',
    link: '#79c0ff',
    kept: '#56d364',
    broken: '#ff8e86',
    pending: '#e3b341',
    skipped: '#9da7b3',
  },
} as const

function variablesOf(palette: Readonly<Record<string, string>>): string {
  return Object.entries(palette)
    .map(([role, color]) => `--${role}: ${color};`)
    .join(' ')
}

/** The style sheet; nothing in it is fetched. */
export const style = `
:root { color-scheme: light dark; ${variablesOf(palettes.light)} }
@media (prefers-color-scheme: dark) { :root { ${variablesOf(palettes.dark)} } }
body { margin: 0 auto; padding: 1.5rem; max-width: 72rem; background: var(--background); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1 { font-size: 1.5rem; } h2 { font-size: 1.25rem; margin-top: 2rem; } h3 { font-size: 1rem; margin: 0; }
code { font: 0.875rem/1.5 ui-monospace, monospace; unicode-bidi: isolate; }
pre { padding: 0.75rem; background: var(--inset); white-space: pre-wrap; }
table { border-collapse: collapse; width: 100%; margin: 0.5rem 0; }
caption { text-align: left; color: var(--muted); }
th, td { border: 1px solid var(--line); padding: 0.375rem 0.5rem; text-align: left; vertical-align: top; }
th { background: var(--inset); }
th, td { overflow-wrap: break-word; } td:last-child { overflow-wrap: anywhere; } td b, th b { white-space: nowrap; }
article { border: 1px solid var(--line); border-left: 0.25rem solid var(--broken); padding: 1rem; margin: 1rem 0; }
article.pending { border-left-color: var(--pending); }
summary { cursor: pointer; padding: 0.25rem 0; }
a { color: var(--link); }
p.source { color: var(--muted); margin: 0; }
.kept, .broken, .pending, .skipped { font-weight: 600; }
ol.timeline { list-style: none; padding: 0; }
li.point { padding: 0.25rem 0; }
li.step { font-weight: 400; margin-left: 0.5rem; padding: 0.25rem 1rem; border-left: 0.25rem solid var(--line); }
li.step.broken { border-left-color: var(--broken); } li.step.pending { border-left-color: var(--pending); }
li.step.kept { border-left-color: var(--kept); }
b.kept { color: var(--kept); } b.broken { color: var(--broken); }
b.pending { color: var(--pending); } b.skipped { color: var(--skipped); }
`
