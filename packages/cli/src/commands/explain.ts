import { albSettings, armedTraps, explainObject, type ExplainedRollout, exploreCanary } from '@rollsync/ignore'
import { type KubeObject, parse, refOf, refText } from '@rollsync/manifests'
import { chooseVersions, discover } from '@rollsync/policy'
import { CliError, type ExitCode } from '../exit.ts'
import { type Explained, explainText } from '../explain/explain-text.ts'
import { pairObjects } from '../explain/pair-objects.ts'
import type { Io } from '../io.ts'
import { readRepository } from '../read-repository.ts'

export interface ExplainOptions {
  readonly target: string
  readonly live: string
  readonly format: 'text' | 'json'
  readonly rolloutsVersion?: string
}

/** `rollsync explain`: 0 where every difference is a controller's, 1 where one is made by hand or unexplained. */
export async function explainCommand(paths: readonly string[], options: ExplainOptions, io: Io): Promise<ExitCode> {
  const versions = chooseVersions(options)
  for (const sentence of versions.unverified) io.err(`unverified: ${sentence}\n`)
  if (options.target === '-' && options.live === '-') throw new CliError('USAGE', 'standard input is one thing: it cannot be --target and --live', { hint: 'write one of the two into a file' })
  const targets = await objectsIn(options.target, io)
  const { pairs, onlyTarget, onlyLive } = pairObjects(targets, await objectsIn(options.live, io))
  for (const one of onlyTarget) io.err(`${refText(refOf(one))} is not among the live objects\n`)
  for (const one of onlyLive) io.err(`${refText(refOf(one))} is not among Git's objects\n`)
  if (pairs.length === 0) throw new CliError('NOTHING_TO_COMPARE', `${options.target} and ${options.live} have no object in common`)
  const inNamespace = [...pairs.map((pair) => pair.target), ...onlyTarget.map((one) => withNamespace(one, pairs[0]?.live.metadata.namespace))]
  const around = paths.length === 0 ? inNamespace : await repositoryObjects(paths, io)
  const rollouts = around.filter((one) => one.kind === 'Rollout' && one.apiVersion.startsWith('argoproj.io/')).map((rollout): ExplainedRollout => {
    const others = around.filter((one) => one !== rollout && (one.metadata.namespace ?? '') === (rollout.metadata.namespace ?? ''))
    return { rollout, states: exploreCanary(rollout, others, versions.rollouts).states }
  })
  const objects = pairs.map(({ target, live }): Explained => {
    const traps = rollouts.flatMap(({ rollout }) => {
      const alb = albSettings(rollout)
      return alb === undefined || live.kind !== 'Ingress' || !alb.ingresses.includes(live.metadata.name) ? [] : armedTraps(target, live, alb)
    })
    return { ...explainObject(target, live, rollouts), traps }
  })
  io.out(options.format === 'json' ? `${JSON.stringify({ version: 1, objects }, null, 2)}\n` : explainText(objects))
  return objects.some(({ differences, traps }) => traps.length > 0 || differences.some((one) => one.by === 'hand' || one.by === 'unexplained')) ? 1 : 0
}

function withNamespace(object: KubeObject, namespace: string | undefined): KubeObject {
  return namespace === undefined || object.metadata.namespace !== undefined ? object : { ...object, metadata: { ...object.metadata, namespace } }
}

async function objectsIn(file: string, io: Io): Promise<readonly KubeObject[]> {
  const text = file === '-' ? await io.stdin() : new TextDecoder().decode(await io.read(file).catch((cause: unknown) => {
    throw new CliError('UNREADABLE', `${file}: cannot be read (${(cause as { code?: string }).code ?? 'unknown reason'})`, { hint: 'the output of kubectl get -o json, or manifests in YAML', cause })
  }))
  const { manifests, diagnostics } = parse([{ file, text }])
  const broken = diagnostics.find((one) => one.severity === 'error')
  if (broken !== undefined) throw new CliError('UNREADABLE', `${broken.at === undefined ? file : `${broken.at.file}:${broken.at.line}:${broken.at.column}`}: ${broken.message}`, broken.hint === undefined ? {} : { hint: broken.hint })
  return manifests.map((manifest) => manifest.value)
}

async function repositoryObjects(paths: readonly string[], io: Io): Promise<readonly KubeObject[]> {
  const { files, settings } = await readRepository(paths, io)
  return discover(files, settings).canaries.flatMap(({ rollout, neighbours }) => [rollout.object, ...neighbours.map((one) => one.object)])
}
