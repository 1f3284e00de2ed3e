#!/usr/bin/env node
// A kubectl for tests: one Rollout, its ReplicaSets and one Application in the file CLUSTER, changed by merge patches as an API server would, and by a few words of what the controllers do then.
import { execFileSync } from 'node:child_process'
import { appendFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs'

const file = process.env.CLUSTER
const args = process.argv.slice(2)
appendFileSync(`${file}.calls`, `${args.join(' ')}\n`)
const cluster = JSON.parse(readFileSync(file, 'utf8'))
const save = () => {
  writeFileSync(`${file}.${process.pid}`, JSON.stringify(cluster))
  renameSync(`${file}.${process.pid}`, file)
}
const fail = text => {
  process.stderr.write(`${text}\n`)
  process.exit(1)
}
const flag = name => args[args.indexOf(name) + 1]
const words = args.slice(args.indexOf('--request-timeout') + 2)
const [verb, resource, name] = words
if (cluster.down > 0) {
  cluster.down--
  save()
  fail('The connection to the server 127.0.0.1:6443 was refused - did you specify the right host or port?')
}
const merge = (target, patch) => {
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete target[key]
    else if (typeof value === 'object' && !Array.isArray(value)) target[key] = merge(target[key] ?? {}, value)
    else target[key] = value
  }
  return target
}
const find = () => [cluster.rollout, cluster.application].find(one => resource === `${one.kind.toLowerCase()}s.argoproj.io` && one.metadata.name === name && one.metadata.namespace === flag('-n')) ?? fail(`Error from server (NotFound): ${resource} "${name}" not found`)

/** The Rollouts controller, for the few things that a gate asks of it. */
const reconcile = () => {
  const { status, spec } = cluster.rollout
  const wanted = cluster.replicaSets.find(one => one.spec.template.spec.containers[0].image === spec.template.spec.containers[0].image)
  status.currentPodHash = wanted.metadata.labels['rollouts-pod-template-hash']
  if (status.promoteFull) {
    status.stableRS = status.currentPodHash
    delete status.promoteFull
  }
  if (status.currentPodHash === status.stableRS) Object.assign(status, { abort: false, phase: 'Healthy', message: '', pauseConditions: undefined, controllerPause: false })
  else if (status.abort) Object.assign(status, { phase: 'Degraded', message: 'RolloutAborted: Rollout aborted update to revision 2' })
  else if (status.controllerPause && !status.pauseConditions) Object.assign(status, { controllerPause: false, currentStepIndex: status.currentStepIndex + 1, phase: 'Progressing' })
}
/** Argo CD: what Git names goes into the cluster. */
const sync = () => {
  const git = (...words) => execFileSync('git', words, { cwd: cluster.git, encoding: 'utf8' })
  cluster.rollout.spec.template.spec.containers[0].image = /image: (\S+)/.exec(git('show', 'main:web.yaml'))[1]
  reconcile()
  cluster.application.status = { sync: { status: 'Synced', revision: git('rev-parse', 'main').trim() }, health: { status: cluster.rollout.status.phase } }
}

if (verb === 'auth') {
  process.stdout.write(cluster.denied ? 'no\n' : 'yes\n')
  process.exitCode = cluster.denied ? 1 : 0
} else if (verb === 'get' && resource === 'replicasets.apps') process.stdout.write(JSON.stringify({ kind: 'List', items: cluster.replicaSets }))
else if (verb === 'get') {
  process.stdout.write(JSON.stringify(find()))
  // Behind its pause the canary goes on by itself, and is done a few looks later.
  const { status } = cluster.rollout
  if (status.currentStepIndex > 1 && !status.abort && status.stableRS !== status.currentPodHash) {
    cluster.looks = (cluster.looks ?? 0) + 1
    if (cluster.looks > 4) {
      status.stableRS = status.currentPodHash
      reconcile()
    }
    save()
  }
}
else if (verb === 'patch') {
  const object = find()
  const patch = JSON.parse(flag('-p'))
  // A status is written through its subresource alone.
  if (patch.status !== undefined && flag('--subresource') !== 'status') delete patch.status
  merge(object, patch)
  reconcile()
  if (object === cluster.application) sync()
  save()
} else fail(`error: unknown command ${words.join(' ')}`)
