/** The colours of a timeline, for light and dark ground; each cell also says its answer in a word. */
export const timelineStyle: string = `
.timeline { --ground: #ffffff; --ink: #1f2430; --faint: #5b6475; --stripe: #f3f5f8; --line: #b8c0cc; --weight: #f0a34a; --stable: #7d93b5; --canary: #f0a34a; --good: #cfeedd; --bad: #f9cdcd; --warn: #fde8b8; --cold: #cfe3fb; --none: #e3e6eb; font: 12px system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { .timeline { --ground: #161a21; --ink: #e8ebf1; --faint: #a3adbd; --stripe: #1e242e; --line: #4a5464; --weight: #c97d22; --stable: #52688a; --canary: #c97d22; --good: #1d4a34; --bad: #662a2e; --warn: #594613; --cold: #23426a; --none: #333b47; } }
.timeline .ground { fill: var(--ground); }
.timeline text { fill: var(--ink); }
.timeline .even { fill: var(--stripe); } .timeline .odd { fill: none; }
.timeline .number { font-weight: 600; } .timeline .step { fill: var(--faint); font-size: 11px; } .timeline .number, .timeline .step { pointer-events: none; }
.timeline .label { dominant-baseline: middle; } .timeline .small { font-size: 11px; } .timeline .foot { fill: var(--faint); font-size: 11px; }
.timeline .event, .timeline .value, .timeline .cell-text { text-anchor: middle; font-size: 11px; pointer-events: none; } .timeline .event, .timeline .cell-text { dominant-baseline: central; } .timeline .event { font-weight: 600; }
.timeline .axis { stroke: var(--line); } .timeline .weight { fill: var(--weight); fill-opacity: .55; stroke: var(--weight); pointer-events: none; }
.timeline .stable { fill: var(--stable); } .timeline .canary { fill: var(--canary); } .timeline .route { fill: var(--cold); } .timeline .half { fill: var(--bad); } .timeline .finding-mark { fill: var(--warn); } .timeline .cell, .timeline .half, .timeline .route, .timeline .finding-mark, .timeline .stable, .timeline .canary { pointer-events: none; }
.timeline .Synced, .timeline .safe { fill: var(--good); } .timeline .OutOfSync, .timeline .reverts, .timeline .outage { fill: var(--bad); }
.timeline .freezes { fill: var(--cold); } .timeline .unknown { fill: var(--warn); } .timeline .unverified { fill: var(--none); }
.timeline .change { stroke: var(--line); stroke-dasharray: 3 2; }
`.trim().replaceAll('\n', ' ')
