import { moreKinds } from './more-kinds.mjs'
import { changeLabels, changeOwners, metadataOddities, mutate } from './mutate.mjs'
import { argocdCmFor, ruleFor } from './rules.mjs'

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration'
const kindOf = object => `${object.apiVersion}/${object.kind}`

/** What the recorded cases hold, to draw from: pairs of objects and rules by group, objects by kind. */
export const readSeeds = files => {
  const groups = new Map()
  const donors = new Map()
  const rules = []
  const cms = []
  for (const { group, objects, cases } of files) {
    const known = groups.get(group) ?? []
    groups.set(group, known)
    for (const one of cases) {
      const at = id => (id === null || id === undefined ? null : objects[id])
      if (one.ignoreDifferences?.length > 0 && group !== 'timeouts') rules.push({ group, rules: one.ignoreDifferences })
      if (one.argocdCm) cms.push(one.argocdCm)
      if (one.object !== undefined || group === 'timeouts') continue
      known.push({ ...one, results: undefined, target: at(one.target), live: at(one.live) })
      for (const object of [at(one.target), at(one.live)]) if (object) donors.set(kindOf(object), [...(donors.get(kindOf(object)) ?? []), object].slice(-60))
    }
  }
  for (const object of moreKinds) donors.set(kindOf(object), [...(donors.get(kindOf(object)) ?? []), object])
  return { groups: new Map([...groups].filter(([, cases]) => cases.length > 0)), donors, rules, cms }
}

const rulesFor = (objects, group, seeds, random) => {
  if (random.once(6)) return []
  if (random.once(2)) return structuredClone(random.pick(random.once(4) ? seeds.rules : seeds.rules.filter(one => one.group === group).concat(seeds.rules.slice(0, 1))).rules)
  return Array.from({ length: 1 + random.below(3) }, () => ruleFor(objects, random))
}

const surroundings = (objects, group, seeds, random) => ({
  ignoreDifferences: rulesFor(objects, group, seeds, random),
  argocdCm: random.once(5) ? (random.once(4) && seeds.cms.length > 0 ? random.pick(seeds.cms) : argocdCmFor(objects, random)) : null,
  includeMutationWebhook: random.once(8),
})

const mutated = (object, seeds, random, most) => {
  const copy = structuredClone(object)
  const given = { random, donors: seeds.donors.get(kindOf(object)) ?? [] }
  for (let more = random.below(most + 1); more > 0; more--) (random.once(6) ? changeLabels : mutate)(copy, given)
  if (random.once(4)) random.pick(metadataOddities)(copy)
  return copy
}

/** The recorded pair as it is, under rules of another case: what the recording leaves out of its own grid. */
const crossed = (group, seeds, random) => {
  const { target, live, liveVariant, liveManager } = random.pick(seeds.groups.get(group))
  const rules = random.pick(seeds.rules.filter(one => one.group === group).concat({ rules: [] })).rules
  return { target, live, liveVariant, liveManager, ignoreDifferences: rules, argocdCm: random.once(6) ? random.pick(seeds.cms) : null }
}

const mutateLastApplied = (live, seeds, random) => {
  const text = live.metadata?.annotations?.[lastApplied]
  if (typeof text !== 'string' || random.once(2)) return
  try {
    const manifest = JSON.parse(text)
    if (manifest !== null && typeof manifest === 'object') live.metadata.annotations[lastApplied] = random.once(30) ? random.pick(['', 'null', '{', '[]', '"x"', '{}']) : JSON.stringify(mutated(manifest, seeds, random, 2))
  } catch { /* it was broken before */ }
}

/** A recorded pair with changes on both sides, in what was last applied and in the rules. */
const changedPair = (group, seeds, random) => {
  const seed = random.pick(seeds.groups.get(group))
  const target = seed.target && !random.once(60) ? mutated(seed.target, seeds, random, 3) : null
  const live = seed.live && !random.once(60) ? mutated(seed.live, seeds, random, 3) : null
  if (!target && !live) return changedPair(group, seeds, random)
  if (live) {
    mutateLastApplied(live, seeds, random)
    changeOwners(live, random)
  }
  // what has been changed by hand is no longer what its managedFields tell
  const liveVariant = live?.metadata?.managedFields ? 'changed-mf' : (seed.liveVariant ?? 'bare').replace(/-mf$/, '')
  return { checkLive: true, target, live, liveVariant, liveManager: seed.liveManager, ...surroundings([target, live].filter(Boolean), group, seeds, random) }
}

/** A manifest deployed, changed in the cluster by a manager and in Git: live is made by the API server's own field manager. */
const deployedPair = (manifest, group, seeds, random) => {
  const deployed = mutated(manifest, seeds, random, 2)
  const target = random.once(3) ? structuredClone(deployed) : mutated(deployed, seeds, random, 2)
  const live = mutated(random.once(3) ? target : deployed, seeds, random, 3)
  for (const object of [deployed, target, live]) { delete object.metadata?.managedFields; delete object.metadata?.annotations?.[lastApplied] }
  return {
    checkLive: true, deployed, target, live, liveVariant: random.pick(['csa', 'csa-mf', 'csa-mf', 'ssa-mf', 'ssa-mf', 'bare']),
    liveManager: random.pick(['rollouts-controller', 'rollouts-controller', 'kubectl-edit', 'kube-controller-manager', 'argocd-controller']),
    ...surroundings([target, live], group, seeds, random),
  }
}

/** Every recorded pair under every recorded rule set of its group: the grid that the recording drew its cases from, the cases that are kept back among them. */
export function* gridQuestions({ groups, rules, cms }) {
  for (const [group, cases] of groups) {
    const sets = distinct([{ rules: [] }, ...rules.filter(one => one.group === group)].map(one => one.rules))
    const pairs = distinct(cases.map(({ target, live, liveVariant, liveManager, includeMutationWebhook = false }) => ({ target, live, liveVariant, liveManager, includeMutationWebhook })))
    const settings = group === 'argocd-cm' ? distinct([null, ...cms]) : [null]
    let number = 0
    for (const pair of pairs) for (const ignoreDifferences of sets) for (const argocdCm of settings) yield { group: `grid-${group}`, name: `${number++}`, ...pair, ignoreDifferences, argocdCm }
  }
}

const distinct = values => [...new Map(values.map(value => [JSON.stringify(value), value])).values()]

/** Endless cases. The recorder makes live where `deployed` is given. */
export function* drawQuestions(seeds, random) {
  const groups = [...seeds.groups.keys()]
  for (let number = 0; ; number++) {
    const way = random.below(10)
    const group = random.pick(groups)
    const drawn = way === 0 ? crossed(group, seeds, random)
      : way < 5 ? changedPair(group, seeds, random)
        : way < 7 ? deployedPair((random.pick(seeds.groups.get(group)).target ?? moreKinds[0]), group, seeds, random)
          : deployedPair(random.pick(moreKinds), 'kinds', seeds, random)
    yield { group: way < 7 ? `fuzz-${group}` : 'fuzz-kinds', name: `${number}`, ...drawn }
  }
}
