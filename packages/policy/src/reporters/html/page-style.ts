import { timelineStyle } from '../../picture/timeline-style.ts'

/** The page in light and dark; wide pictures scroll in their own frame. One moment of each day is shown, the one whose radio button is chosen; a browser that knows no :has() shows all, and so does paper. */
export function pageStyle(moments: readonly number[]): string {
  return `${fixed}
@supports selector(:has(*)) { .panels > * { display: none; }
${moments.map((number) => `.day:has(.pick-${number}:checked) .panels > .on-${number} { display: block; } .day:has(.pick-${number}:checked) .column.on-${number} > rect { stroke: var(--ink); stroke-width: 2; }`).join('\n')}
}
@media print { .moments { display: none; } .day .panels > * { display: block !important; } }
${moments.length === 0 ? '' : timelineStyle}`.trim()
}

const fixed = `
:root { color-scheme: light dark; --ground: #ffffff; --ink: #1f2430; --faint: #5b6475; --panel: #f3f5f8; --line: #cfd5de; --accent: #1b5fb8; --error: #b3261e; --warning: #8a5a00; --info: #46566e; --good: #1c7a48; --added: #d9f2e3; --removed: #fadcdc; }
@media (prefers-color-scheme: dark) { :root { --ground: #12151a; --ink: #e8ebf1; --faint: #a3adbd; --panel: #1b2028; --line: #3a4350; --accent: #86b7ff; --error: #ff8a80; --warning: #f2c063; --info: #a9b8ce; --good: #6fd49b; --added: #1a4430; --removed: #57262b; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 1.5rem clamp(1rem, 4vw, 3rem); background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.6rem; margin: 0; } h2 { font-size: 1.25rem; margin: 2.2rem 0 .6rem; overflow-wrap: anywhere; } h4 { font-size: 1rem; margin: 1rem 0 .4rem; overflow-wrap: anywhere; }
a { color: var(--accent); } nav { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; } nav a { overflow-wrap: anywhere; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.faint { color: var(--faint); } .error { color: var(--error); } .warning { color: var(--warning); } .info { color: var(--info); } .holds { color: var(--good); } .broken { color: var(--error); } .unverified { color: var(--warning); }
.severity { font-weight: 600; }
.finding { border: 1px solid var(--line); border-left: 4px solid currentColor; border-radius: 6px; padding: .7rem 1rem; margin: .8rem 0; } .finding > * { color: var(--ink); } .finding .severity.error { color: var(--error); } .finding .severity.warning { color: var(--warning); } .finding .severity.info { color: var(--info); }
.finding p { margin: .3rem 0; overflow-wrap: anywhere; } :target { scroll-margin-top: 1rem; } .finding:target { outline: 3px solid var(--accent); }
pre { background: var(--panel); border-radius: 6px; padding: .6rem .8rem; overflow-x: auto; font: 13px/1.5 ui-monospace, monospace; margin: .5rem 0; }
mark { color: inherit; } pre .at { background: var(--removed); } pre .gutter { color: var(--faint); user-select: none; }
pre ins, pre del { display: block; text-decoration: none; width: max-content; min-width: 100%; } pre ins { background: var(--added); } pre del { background: var(--removed); } pre .same, pre .gap { display: block; } pre .gap { color: var(--faint); }
code { font: .92em ui-monospace, monospace; overflow-wrap: anywhere; }
.day { border: 1px solid var(--line); border-radius: 6px; margin: .7rem 0; padding: 0 1rem; } .day[open] { padding-bottom: 1rem; }
.day summary { cursor: pointer; margin: 0 -1rem; padding: .5rem 1rem; border-radius: 6px; } .day summary h3 { display: inline; font-size: 1.05rem; margin: 0 .6rem 0 0; } .tally { display: inline-block; border: 1px solid currentColor; border-radius: 1rem; padding: 0 .6rem; margin: .1rem 0; font-size: .88rem; }
.day > p { margin: .2rem 0 .7rem; }
.picture { overflow-x: auto; border: 1px solid var(--line); border-radius: 6px; } .picture svg { display: block; }
.moments { border: 0; padding: 0; margin: .8rem 0; display: flex; flex-wrap: wrap; gap: .3rem; } .moments legend { font-weight: 600; padding: 0; }
.moments label { border: 1px solid var(--line); border-radius: 6px; padding: .15rem .6rem; cursor: pointer; } .moments label:has(:checked) { background: var(--panel); border-color: var(--accent); font-weight: 600; } .moments label:has(:focus-visible), .moments label:has(:target) { outline: 3px solid var(--accent); }
.moment dl { display: grid; grid-template-columns: minmax(9rem, max-content) 1fr; gap: .3rem 1.2rem; margin: .4rem 0; } .moment dt { font-weight: 600; max-width: 22rem; } .moment dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
@media (max-width: 40rem) { .moment dl { display: block; } .moment dd { margin: 0 0 .4rem 1rem; } }
.scrolls { overflow-x: auto; } table { border-collapse: collapse; } th, td { text-align: left; padding: .2rem 1rem .2rem 0; vertical-align: top; }
`.trim()
