import { type Entry, homeOf, inOrder, type Journal } from '../cluster/journal.ts'
import type { Writers } from '../cluster/writers.ts'
import { describeChange } from './describe-change.ts'

/** Prints what happens while it happens. */
export interface Narrator {
  /** From now on seconds count from here. */
  readonly beginEvent: () => void
  /** Everything that has happened is printed when it resolves. */
  readonly caughtUp: () => Promise<void>
  readonly end: () => void
}

/** The audit log, which says who wrote, is a moment behind the change. */
const auditDelayMs = 500

export function narrate({ entries }: Pick<Journal, 'entries'>, readWriters: () => Writers, namespace: string, say: (line: string) => void): Narrator {
  let told = entries.length
  let began = Date.now()
  const tell = (until: number): void => {
    const ready = entries.slice(told).filter(({ at }) => at <= until)
    told += ready.length
    const own = inOrder(ready.filter((entry) => homeOf(entry) === namespace))
    if (own.length === 0) return
    const writers = readWriters()
    for (const entry of own) for (const line of linesOf(entry, writers, began)) say(line)
  }
  const timer = setInterval(() => tell(Date.now() - auditDelayMs), 250)
  return {
    beginEvent: () => { began = Date.now() },
    caughtUp: async () => {
      const now = Date.now()
      await new Promise((resolve) => setTimeout(resolve, auditDelayMs))
      tell(now)
    },
    end: () => clearInterval(timer),
  }
}

/** A line of what one change was: seconds since the event, who, which object, what of it. Nothing where nobody would see it. */
export function linesOf(entry: Entry, writers: Writers, began: number): readonly string[] {
  const { at, type, before, what } = entry
  const words = type === 'DELETED' ? ['deleted'] : describeChange(before, what)
  if (words.length === 0 || (what.kind === 'Service' && what.metadata.name === 'kubernetes')) return []
  return [`${(Math.max(0, at - began) / 1000).toFixed(1).padStart(6)} s  ${whoOf(entry, writers).padEnd(8)}  ${what.kind} ${what.metadata.name}  ${words.join('  ')}`]
}

function whoOf({ before, what, type }: Entry, writers: Writers): string {
  if (what.kind === 'Application') return 'Argo CD'
  // The audit log keeps neither: only Rollouts scales ReplicaSets here, and only the model of pods reports on them.
  if (what.kind === 'ReplicaSet') return type !== 'DELETED' && before !== undefined && before.metadata['generation'] === what.metadata['generation'] ? 'pods' : 'Rollouts'
  const who = writers.of(what)
  return who === 'a person' ? 'you' : who
}
