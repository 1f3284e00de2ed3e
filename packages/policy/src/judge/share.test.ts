import { fileURLToPath } from 'node:url'
import { argocdProfile, argocdVersions, jqEngine } from '@rollsync/argocd'
import { rolloutsProfile, rolloutsVersions } from '@rollsync/rollouts'
import { describe, expect, it } from 'vitest'
import { customSchemas } from '../judge-repository.ts'
import { routedAround } from '../routed-around.ts'
import { loadRepository } from '../vitest/load-repository.ts'
import { factsOf, indexRouted, isBlindToNames, namesIn, type ScopeFacts } from './facts.ts'
import { alike } from './alike.ts'
import { anchorsIn, judgeFacts, type Judging } from './judge-facts.ts'
import { type ScopeAnswer, sharedJudge } from './share.ts'

const examples = fileURLToPath(new URL('../../../../examples/', import.meta.url))

async function judging(folder: string): Promise<{ readonly facts: readonly ScopeFacts[]; readonly judging: Judging }> {
  const { repository } = loadRepository(`${examples}${folder}`)
  const argocd = argocdProfile(argocdVersions[0] ?? '')?.profile
  if (argocd === undefined) throw new Error('no Argo CD is known')
  const settings = { argocd, rollouts: rolloutsProfile(rolloutsVersions[0] ?? '').profile, schemas: customSchemas(repository), jq: jqEngine({ gojq: argocd.gojq }) }
  const facts = await Promise.all(repository.canaries.map(async (scope) => (await factsOf(scope, indexRouted(routedAround(repository)), async () => true)).facts))
  return { facts, judging: settings }
}

/** Every name of an example replaced; what is equal stays equal. */
function under<T>(value: T, names: Readonly<Record<string, string>>): T {
  return JSON.parse(Object.entries(names).reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(value))) as T
}

/** The hash of the steps stands in the Rollout's status alone, which Argo CD does not compare; it is the one of the made-up names. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value, (key, inner: unknown) => (inner instanceof Map ? [...inner] : key === 'currentStepHash' ? 'a hash' : inner)))

const direct = async (facts: ScopeFacts, settings: Judging): Promise<unknown> => {
  const { explored, verdicts } = await judgeFacts(facts, settings)
  return plain({ explored, verdicts, anchors: anchorsIn(facts, settings.rollouts) })
}

const answered = ({ explored, verdicts, anchors }: ScopeAnswer): unknown => plain({ explored, verdicts, anchors: anchors() })

describe('Rollouts that are equal but for names', () => {
  it('are judged once, and each as if it were alone', async () => {
    const { facts: [facts], judging: settings } = await judging('alb-header-route')
    if (facts === undefined) throw new Error('the example has a Rollout')
    const clean = { ...facts, applications: facts.applications.map((one) => ({ ...one, rules: under(one.rules, { 'select (.backend. service.name==': 'select(.backend.service.name==' }) })) }
    const others = ['service-rolling', 'service-sellers', 'zzz-api-rollout'].map((name) => under(clean, { 'service-rollout': name }))
    const { judge } = sharedJudge(settings)
    for (const one of [clean, ...others]) expect(answered(await judge(one))).toEqual(await direct(one, settings))
    expect(new Set(others.map((one) => alike(one, namesIn(one)).key)).size).toBeLessThan(others.length)
  })

  it.each(['multi-ingress-ping-pong', 'shared-ingress', 'anchor-beside-respect', 'application-set'])('keep what is said of example %s', async (folder) => {
    const found = await judging(folder)
    expect(found.facts).not.toEqual([])
    for (const facts of found.facts) {
      expect(answered(await sharedJudge(found.judging).judge(facts))).toEqual(await direct(facts, found.judging))
    }
  })
})

describe('an expression that looks into names', () => {
  const facts = (expression: string): ScopeFacts => ({ rollout: { apiVersion: '', kind: '', metadata: { name: '' } }, around: [], owners: [], routed: [],
    applications: [{ name: 'a', mode: 'legacy', rules: [{ group: '', kind: 'Ingress', jqPathExpressions: [expression] }], syncOptions: [], provable: 'yes' }] })

  it.each(['.a|startswith("web")', '.a|test("^w")', '.a > "b"', '.a.service-web', '.a|length', '"\\(.a)"'])('%s is not shared', (expression) => {
    expect(isBlindToNames(facts(expression))).toBe(false)
  })

  it('one that only compares is', () => {
    expect(isBlindToNames(facts('.spec.rules[]?.http.paths[]?|select(.backend.service.name=="web-startswith")'))).toBe(true)
  })
})
