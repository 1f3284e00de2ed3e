#!/usr/bin/env node
// Writes docs/state-machine.md: the decisions of one sync, read from src/traffic.ts, and the places of a Rollout with the events between them, read from what `explore` finds.
// usage: node packages/rollouts/scripts/draw-state-machine.mjs [--write]
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parse } from '@rollsync/manifests'
import { explore, rolloutsProfile, rolloutsVersions, simulate, worldOf } from '@rollsync/rollouts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const source = readFileSync(`${root}packages/rollouts/src/traffic.ts`, 'utf8')

/** The code's conditions and weights in words; one without words fails the build of the page. */
const words = new Map([
  ['rollback !== undefined', 'the former template came back before its Service was switched, with dynamicStableScale'],
  ['isFullyPromoted(rollout)', 'fully promoted'],
  ['isAborted(pass)', 'aborted'],
  ['newRS === undefined || availableOf(newRS) === 0', 'no canary pod is available'],
  ['rollout.status.promoteFull === true', 'full promotion was asked for'],
  ['index === undefined', 'no steps'],
  ['!atDesiredReplicaCounts(scaleInput(pass), undefined)', 'pods that the step asks for are missing'],
  ['index !== stepsOf(rollout).length', 'at a step'],
  ['', 'all steps done'],
  ['weightOnAbort(pass)', '0; with dynamicStableScale what the stable pods cannot take'],
  ['weight', '0; with dynamicStableScale what the stable pods cannot take'],
  ['0', '0'],
  ['weightOnFullPromotion(pass, newRS)', 'as before; with dynamicStableScale the share of canary pods'],
  ['setWeightUpTo(rollout, index - 1)', 'that of the steps before this one'],
  ['currentSetWeight(rollout)', 'that of the steps up to this one'],
  ['maxTrafficWeight(rollout)', 'all'],
])
const calls = [['ensureServiceTargets', 'the canary Service selects the stable pods'], ['removeManagedRoutes', 'managed routes are removed']]
/** What follows the decision, in the order in which the code does it. */
const following = [
  ['stableCanTake(', 'guard', 'nothing more where stable lacks the pods for its share'],
  ['router.setHeaderRoute(', 'routes', "the step's header or mirror route, from the second revision on"],
  ['profile.has.weightBeforeHash', 'early', 'the weight of an empty canary, before the hashes'],
  ['router.updateHash(', 'hash', 'the hashes, in routers that have subsets'],
  ['\n  router.setWeight(context, weight, additional)', 'weight', 'the weight'],
  ['weightStatus(pass,', 'status', 'status.canary.weights'],
  ['router.verifyWeight(', 'verify', 'the weight is verified where the router can'],
]
const letters = 'abcdefg'

const inWords = text => {
  const found = words.get(text)
  if (found === undefined) throw new Error(`traffic.ts has a row that draw-state-machine.mjs has no words for: ${text}`)
  return found
}

const bodyOf = name => {
  const begin = source.indexOf(`function ${name}(`)
  if (begin < 0) throw new Error(`traffic.ts has no function ${name}`)
  return source.slice(begin, source.indexOf('\n}\n', begin))
}

/** The weight that a row returns: `weight: EXPRESSION,` up to the comma outside of parentheses, or `weight,`. */
const weightIn = piece => {
  const begin = piece.search(/return \{ weight[:,]/)
  if (begin < 0) return undefined
  const rest = piece.slice(begin + 'return { weight'.length)
  if (rest.startsWith(',')) return 'weight'
  let depth = 0
  const end = [...rest].findIndex(one => {
    depth += one === '(' ? 1 : one === ')' ? -1 : 0
    return one === ',' && depth === 0
  })
  return rest.slice(2, end)
}

/** The rows of a function made of `if (condition) … return { weight … }`, in its order; the last one has no condition. */
const rowsOf = name => bodyOf(name).split(/\n  (?=if \(|return )/).slice(1).flatMap(piece => {
  const weight = weightIn(piece)
  if (weight === undefined) return []
  const condition = /^if \((.*)\) (?:\{\n|return )/.exec(piece)?.[1] ?? ''
  return [{ condition: inWords(condition), weight: inWords(weight), calls: calls.filter(([call]) => piece.includes(call)).map(([, text]) => text) }]
})

/** Rows of the traffic part of a sync; the first match decides (trafficrouting.go:185). */
export const decisionRows = () => [...rowsOf('desiredTraffic'), ...rowsOf('weightOfSteps')]

/** What follows every row; fails where the code does it in another order. */
export const followingSteps = () => {
  const body = bodyOf('routeTraffic')
  const places = following.map(([call]) => body.indexOf(call))
  if (places.some((place, index) => place < 0 || place < (places[index - 1] ?? 0))) throw new Error('routeTraffic of traffic.ts does other things, or in another order, than draw-state-machine.mjs says')
  return following.map(([, id, text]) => ({ id, text }))
}

const example = () => {
  const files = ['rollout', 'services', 'ingress'].map(name => ({ file: `${name}.yaml`, bytes: readFileSync(`${root}examples/alb-header-route/${name}.yaml`) }))
  return worldOf(parse(files).manifests.map(manifest => manifest.value))
}

const placeNames = { deploying: 'first deploy', idle: 'idle, no canary', step: 'at a step', updating: 'updating without steps', aborted: 'aborted', invalid: 'invalid', gone: 'gone' }
const nameOf = ({ moment }) => (moment.at === 'step' && moment.index === moment.of ? 'all steps done' : placeNames[moment.at])
const eventNames = { apply: 'new image', wait: 'time passes', pods: 'pods change' }
const eventOf = event => `${eventNames[event.do] ?? event.do.replaceAll('-', ' ')}${event.do === 'promote' && event.skip !== undefined ? ` (skip ${event.skip.replaceAll('-', ' ')})` : ''}`

/** What may happen at any place. */
const trials = [{ do: 'apply', image: 'app:another' }, { do: 'promote' }, { do: 'promote-full' }, { do: 'abort' }, { do: 'retry' }, { do: 'undo' }, { do: 'wait', seconds: 3600 }]

/** Which events lead from which place to which: those of the stories that explore tells of the example, and each trial at each place (every step counts as one). */
export const edges = () => {
  const world = example()
  const { profile } = rolloutsProfile(rolloutsVersions[0])
  const { states, tried } = explore(world, { group: 'argoproj.io', kind: 'Rollout', namespace: 'default', name: 'service-rollout' }, profile)
  const found = new Map()
  const add = (from, to, text) => {
    const key = `${from}\n${to}`
    found.set(key, (found.get(key) ?? new Set()).add(text))
  }
  const walked = story => {
    const timeline = simulate(world, { events: story, profile }).states
    const places = Array.from({ length: story.length + 1 }, (_, index) => timeline.findLast(({ moment }) => moment.event === index))
    for (const [index, event] of story.entries()) if (places[index] !== undefined && places[index + 1] !== undefined) add(nameOf(places[index]), nameOf(places[index + 1]), eventOf(event))
    return timeline
  }
  const first = walked([])
  const begin = nameOf(first[0])
  if (nameOf(first.at(-1)) !== begin) add(begin, nameOf(first.at(-1)), eventNames.pods)
  for (const { story } of states) walked(story)
  const shortest = new Map(states.filter(({ seen }) => seen === 'resting').toReversed().map(({ story, state: { moment } }) => [JSON.stringify([moment.at, moment.index]), story]))
  for (const story of shortest.values()) for (const trial of trials) walked([...story, trial])
  const list = [...found].map(([key, events]) => [...key.split('\n'), [...events].sort()])
  return { begin, states: states.length, tried, edges: list.sort(([from, to], [otherFrom, otherTo]) => (`${from}\n${to}` < `${otherFrom}\n${otherTo}` ? -1 : 1)) }
}

const idOf = name => name.replaceAll(/[^a-z]+/g, '_')
const quoted = text => `"${text.replaceAll('"', "'")}"`

const decisionPicture = rows => {
  const steps = followingSteps()
  return [
    'flowchart TD',
    ...rows.flatMap((row, index) => [
      `  c${index + 1}{${quoted(`${index + 1}. ${row.condition}`)}} -->|yes| w${index + 1}[${quoted([...row.calls, `weight: ${row.weight}`].join('<br/>'))}]`,
      ...(index + 1 < rows.length ? [`  c${index + 1} -->|no| c${index + 2}`] : []),
      `  w${index + 1} --> ${steps[0].id}`,
    ]),
    ...steps.map(({ id, text }, index) => `  ${id}[${quoted(`${letters[index]}. ${text}`)}]`),
    ...steps.slice(1).map(({ id }, index) => `  ${steps[index].id} --> ${id}`),
  ].join('\n')
}

const placePicture = ({ begin, edges: list }) => {
  const names = [...new Set(list.flatMap(([from, to]) => [from, to]))].sort()
  return [
    'stateDiagram-v2',
    ...names.map(name => `  state ${quoted(name)} as ${idOf(name)}`),
    `  [*] --> ${idOf(begin)}`,
    ...list.map(([from, to, events]) => `  ${idOf(from)} --> ${idOf(to)}: ${events.join(', ')}`),
  ].join('\n')
}

/** The whole page. */
export const stateMachinePage = () => {
  const rows = decisionRows()
  const found = edges()
  const steps = followingSteps()
  return `# The state machine of a canary

Generated by \`node packages/rollouts/scripts/draw-state-machine.mjs --write\`; a test fails when it is stale.

## Where a Rollout can be

The places that a Rollout's status tells, and the events that lead from one to another: the stories that \`explore\` tells of the ${found.states} distinct states of
[the example](../examples/alb-header-route/rollout.yaml) (${found.tried} events tried; Argo Rollouts ${rolloutsVersions[0]}), and what a person may do at each of its places. An arrow to the same
place is an event after which the Rollout still stands there: at another step, say, or with other pods. Time alone ends a timed pause, finishes pods that start, and runs into deadlines.

\`\`\`mermaid
${placePicture(found)}
\`\`\`

## What one sync decides

The traffic part of every sync of the controller (\`trafficrouting.go\`; [traffic.ts](../packages/rollouts/src/traffic.ts)), once for each router. The first row that fits decides the weight of the canary; what
stands above the weight is done first. Then a to ${letters[steps.length - 1]} follow for every row: a header route is set at its step whatever the row, aborted ones included.

\`\`\`mermaid
${decisionPicture(rows)}
\`\`\`

| row | the first that fits | done first | weight of the canary |
|---|---|---|---|
${rows.map((row, index) => `| ${index + 1} | ${row.condition} | ${row.calls.join('; ') || 'nothing'} | ${row.weight} |`).join('\n')}

${steps.map(({ text }, index) => `- ${letters[index]}: ${text}`).join('\n')}

Which of these a version of Argo Rollouts has stands in one table: [profile.ts](../packages/rollouts/src/profile.ts).
`
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const page = stateMachinePage()
  if (process.argv.includes('--write')) writeFileSync(`${root}docs/state-machine.md`, page)
  else process.stdout.write(page)
}
