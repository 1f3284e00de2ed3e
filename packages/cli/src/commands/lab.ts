import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type StoryEvent, storyText } from '@rollsync/ignore'
import { type KubeObject, refKey, refOf } from '@rollsync/manifests'
import { type ApplicationScope, discover, simulatedWorld } from '@rollsync/policy'
import { shortImages } from '@rollsync/rollouts'
import { CliError, type ExitCode } from '../exit.ts'
import type { Io } from '../io.ts'
import { packageFolder } from '../package-version.ts'
import { readRepository } from '../read-repository.ts'
import { refuseBroken } from '../refuse-broken.ts'
import { chosen, eventsOf, resourcesOf } from './story.ts'

export interface LabOptions {
  readonly rollout?: string
  readonly events?: string
  readonly image?: string
  readonly argocdVersion?: string
  readonly rolloutsVersion?: string
}

/** The part of the private conformance package that is called here; only a checkout has it. */
interface LabModule {
  readonly runLab: (day: {
    readonly folder: string
    readonly application: KubeObject
    readonly rollout: KubeObject
    readonly around: readonly KubeObject[]
    readonly events: readonly { readonly event: StoryEvent; readonly text: string }[]
    readonly versions: { readonly argocd?: string; readonly rollouts?: string }
  }, say: (line: string) => void, note: (line: string) => void) => Promise<0 | 1>
}

/** `rollsync lab`: 0 where the day went as predicted, 1 where it did not. */
export async function labCommand(path: string, options: LabOptions, io: Io): Promise<ExitCode> {
  const { runLab } = await loadLab(new URL('../conformance/', packageFolder()))
  const { files, settings } = await readRepository([path], io)
  const repository = discover(files, settings)
  refuseBroken(repository.diagnostics)
  const scope = chosen(repository.canaries, options.rollout, io)
  const application = scope.rollout.application as ApplicationScope
  const resources = resourcesOf(scope, application)
  const events = await eventsOf(scope, resources, options, io)
  const own = new Set(resources.map(refKey))
  const around = [...simulatedWorld(scope).values()].filter((object) => !own.has(refKey(refOf(object))))
  return runLab({
    folder: resolve(io.cwd, path), application: application.manifest.value, rollout: scope.rollout.object, around, events: events.map((event) => ({ event, text: shortImages(storyText(event)) })),
    versions: { ...(options.argocdVersion === undefined ? {} : { argocd: tagOf(options.argocdVersion) }), ...(options.rolloutsVersion === undefined ? {} : { rollouts: tagOf(options.rolloutsVersion) }) },
  }, (line) => io.out(`${line}\n`), (line) => io.err(`${line}\n`))
}

/** What stands beside this package in a checkout. Throws a CliError where nothing does, or where it is not built. */
export async function loadLab(conformance: URL): Promise<LabModule> {
  const hint = 'git clone the repository of rollsync, then: pnpm install && pnpm build && node packages/cli/dist/bin.js lab PATH'
  if (!existsSync(new URL('package.json', conformance))) throw new CliError('NO_LAB', 'lab works from a checkout of rollsync only: the published package does not bring a cluster along', { hint })
  const built = new URL('dist/lab/lab.js', conformance)
  if (!existsSync(built)) throw new CliError('NO_LAB', `${fileURLToPath(built)} is not built`, { hint: 'pnpm build' })
  return (await import(built.href)) as LabModule
}

/** Releases are tagged with a v, and written without. */
function tagOf(version: string): string {
  return `v${version.replace(/^v/, '')}`
}
