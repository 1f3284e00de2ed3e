import { readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'
import { applyMergePatch, type KubeObject, refKey, refOf } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { rolloutsProfile } from '../profile.ts'
import { type World, worldOf } from '../world.ts'
import { validate } from './index.ts'

interface Walk {
  readonly scenario: { readonly name: string; readonly objects: readonly KubeObject[]; readonly events: readonly RecordedEvent[] }
  readonly results: readonly { readonly versions: readonly string[]; readonly objects: Readonly<Record<string, RecordedRollout>>; readonly moments: readonly Moment[] }[]
}
interface RecordedRollout { readonly conditions?: readonly Condition[]; readonly status?: { readonly conditions?: readonly Condition[] } }
interface RecordedEvent { readonly do: string; readonly kind?: string; readonly name?: string; readonly patch?: unknown; readonly object?: KubeObject }
interface Condition { readonly type: string; readonly message: string }
interface Moment { readonly event: number; readonly state: { readonly rollouts: Readonly<Record<string, string>> } }

const packed = new URL('../../../conformance/vectors/rollouts/invalid.json.br', import.meta.url)
const { files } = JSON.parse(brotliDecompressSync(readFileSync(packed)).toString()) as { readonly files: Readonly<Record<string, Walk>> }

/** Git's objects after the events that change what validation looks at. */
function worldAfter(walk: Walk, events: number): World {
  const git = new Map(walk.scenario.objects.map((object) => [refKey(refOf(object)), object]))
  const live = new Map(git)
  const keyOf = (event: RecordedEvent): string => [...git.entries()].find(([, object]) => object.kind === event.kind && object.metadata.name === event.name)?.[0] ?? ''
  for (const event of walk.scenario.events.slice(0, events)) {
    const key = keyOf(event)
    if (event.do === 'delete') live.delete(key)
    if (event.do === 'overwrite') live.set(key, git.get(key) as KubeObject)
    if (event.do === 'edit') live.set(key, applyMergePatch(live.get(key), event.patch) as KubeObject)
    if (event.do === 'apply' && event.object !== undefined) live.set(refKey(refOf(event.object)), event.object)
  }
  return worldOf(live.values())
}

describe('the InvalidSpec conditions of the recorded walks', () => {
  for (const walk of Object.values(files)) {
    for (const result of walk.results) {
      it.each(result.versions)(`are said word for word in ${walk.scenario.name}, %s`, (version) => {
        for (const { event, state } of result.moments) {
          const world = worldAfter(walk, event)
          for (const rollout of [...world.values()].filter(({ kind }) => kind === 'Rollout')) {
            const recorded = result.objects[state.rollouts[rollout.metadata.name] ?? '']
            const expected = (recorded?.conditions ?? recorded?.status?.conditions ?? []).find(({ type }) => type === 'InvalidSpec')?.message
            expect(validate(rollout, world, rolloutsProfile(version).profile)[0]?.message).toBe(expected)
          }
        }
      })
    }
  }
})
