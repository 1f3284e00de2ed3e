import { readFileSync } from 'node:fs'
import { applyMergePatch, type KubeObject } from '@rollsync/manifests'
import { describe, expect, it } from 'vitest'
import { rolloutsProfile } from '../profile.ts'
import { admitRollout } from '../rollout-shape.ts'
import { validateRolloutSpec } from './rollout-spec.ts'
import { validationTexts } from './validation-texts.ts'

interface Recorded {
  readonly base: KubeObject
  readonly cases: readonly { readonly name: string; readonly patch: unknown; readonly answers: readonly { readonly versions: readonly string[]; readonly errors: readonly string[] }[] }[]
}

// ValidateRollout of the published controllers, asked for each of these Rollouts (a merge patch of `base`); addresses are 0xADDRESS.
const { base, cases } = JSON.parse(readFileSync(new URL('recorded-specs.json', import.meta.url), 'utf8')) as Recorded

describe('every error of ValidateRollout, in order and word for word', () => {
  for (const { name, patch, answers } of cases) {
    for (const { versions, errors } of answers) {
      it.each(versions)(`${name}, %s`, (version) => {
        const { profile } = rolloutsProfile(version)
        const rollout = applyMergePatch(base, patch) as KubeObject
        const found = validateRolloutSpec({ rollout, texts: validationTexts(version) }, admitRollout(rollout, profile), 'none')
        expect(found.map(({ error }) => error)).toEqual(errors)
        expect(found.every(({ pointer }) => pointer.startsWith('/spec'))).toBe(true)
      })
    }
  }
})
