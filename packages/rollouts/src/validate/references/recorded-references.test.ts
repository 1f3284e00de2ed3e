import { readFileSync } from 'node:fs'
import { applyMergePatch, type KubeObject } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { rolloutsProfile } from '../../profile.ts'
import { worldOf } from '../../world.ts'
import { validate } from '../index.ts'

interface Recorded {
  readonly base: KubeObject
  readonly cases: readonly {
    readonly name: string
    readonly patch: unknown
    readonly objects: readonly KubeObject[]
    readonly answers: readonly { readonly versions: readonly string[]; readonly condition?: string; readonly error?: string; readonly panic?: string }[]
  }[]
}

// The first sync of the published controllers with these Rollouts (a merge patch of `base`) and objects: the InvalidSpec condition, the error without one, or the panic.
const { base, cases } = JSON.parse(readFileSync(new URL('recorded-references.json', import.meta.url), 'utf8')) as Recorded

describe('the first thing the controller says of a Rollout and what it refers to, word for word', () => {
  for (const { name, patch, objects, answers } of cases) {
    for (const { versions, condition, error, panic } of answers) {
      it.each(versions)(`${name}, %s`, (version) => {
        const rollout = applyMergePatch(base, patch) as KubeObject
        const [first] = validate(rollout, worldOf([...objects, rollout]), rolloutsProfile(version).profile)
        expect({ outcome: first?.outcome, text: first?.message }).toEqual({
          outcome: panic !== undefined ? 'panic' : error !== undefined ? 'error' : condition !== undefined ? 'invalid' : undefined,
          text: panic ?? error ?? condition,
        })
      })
    }
  }
})
