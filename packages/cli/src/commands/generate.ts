import { type JqEngine, jqEngine } from '@rollsync/argocd'
import type { SourceText } from '@rollsync/manifests'
import { chooseVersions, type DiscoverSettings, type Versions } from '@rollsync/policy'
import { CliError, type ExitCode } from '../exit.ts'
import { planAnchors } from '../generate/plan-anchors.ts'
import { planApplications, type PlannedApplication, type PlannedTexts } from '../generate/plan-applications.ts'
import { planArgocdCm } from '../generate/plan-argocd-cm.ts'
import { isPasted, printTarget } from '../generate/print-target.ts'
import type { Target } from '../generate/targets.ts'
import type { Io } from '../io.ts'
import { paintOf } from '../paint.ts'
import { readRepository } from '../read-repository.ts'
import { refuseBroken } from '../refuse-broken.ts'
import { unifiedDiff } from '../unified-diff.ts'

export interface GenerateOptions {
  readonly write?: boolean
  readonly check?: boolean
  /** true: keep the managed routes in Git; false (--no-anchor): take them out; undefined: leave them as they are, in step with the Rollout where they are there. */
  readonly anchor?: boolean
  readonly target: Target
  readonly argocdVersion?: string
  readonly rolloutsVersion?: string
  readonly explain?: boolean
}

/** `rollsync generate`: 0 done or nothing to do, 1 where --check finds a file that would change. */
export async function generateCommand(paths: readonly string[], options: GenerateOptions, io: Io): Promise<ExitCode> {
  refusePrinted(options)
  const versions = chooseVersions(options)
  for (const sentence of versions.unverified) io.err(`unverified: ${sentence}\n`)
  const jq = jqEngine({ gojq: versions.argocd.gojq })
  try {
    return await generate(paths, options, versions, jq, io)
  } finally {
    await jq.close?.()
  }
}

async function generate(paths: readonly string[], options: GenerateOptions, versions: Versions, jq: JqEngine, io: Io): Promise<ExitCode> {
  const { files, sources, settings } = await readRepository(paths, io)
  const anchored = planAnchors(files, settings, versions.rollouts, options.anchor === undefined ? 'keep' : options.anchor ? 'hold' : 'remove')
  const planned = await plan(anchored.texts, settings, options, versions, jq)
  refuseBroken(planned.diagnostics)
  for (const sentence of [...anchored.notes, ...planned.notes]) io.err(`${sentence}\n`)
  if (planned.applications.length === 0) throw new CliError('NO_CANARY', 'no Argo CD Application with a Rollout was found', { hint: planned.notes.length > 0 ? 'see above for what could not be read' : 'give the folder that holds both, the root of the repository at best' })
  // What a renderer makes of an edited file only the renderer knows: the file is written first, and rendered anew.
  if (options.write === true && isRendered(settings) && anchored.edited.size > 0) {
    for (const [file, text] of anchored.edited) io.out(unifiedDiff(file, sources.get(file) ?? '', text, paintOf(io)))
    await io.write(anchored.edited)
    io.err(`wrote ${[...anchored.edited.keys()].join(', ')}\n`)
    const { anchor: _done, ...rest } = options
    return generate(paths, rest, versions, jq, io)
  }
  const printed = printTarget(options.target, planned.applications)
  if (printed !== undefined && !isWritten(options)) {
    io.out(printed)
    return 0
  }
  return finish({ before: sources, after: new Map([...anchored.edited, ...planned.texts]), planned: planned.applications }, options, io)
}

async function plan(files: readonly SourceText[], settings: DiscoverSettings, options: GenerateOptions, versions: Versions, jq: JqEngine): Promise<PlannedTexts> {
  const advice = options.explain === true ? { advice: 'wanted' } as const : {}
  if (isWritten(options) && (options.target === 'argocd-cm' || options.target === 'argocd-cm-legacy')) return planArgocdCm(files, settings, versions, { jq, keys: options.target === 'argocd-cm' ? 'split' : 'legacy', ...advice })
  return planApplications(files, settings, versions, { jq, byHand: isPasted(options.target) ? 'ignored' : 'kept', ...advice })
}

function isWritten({ write, check }: GenerateOptions): boolean {
  return write === true || check === true
}

/** What is printed for somebody's own file cannot be written or held to it: silence would look as if all were well. */
function refusePrinted(options: GenerateOptions): void {
  const { target } = options
  if (!isWritten(options) || !['helm-values', 'helm-values-argo-cd', 'kustomize', 'snippet'].includes(target)) return
  throw new CliError('PRINTED_TARGET', `--target ${target} is printed: --write and --check have no file for it`, { hint: 'put what it prints into your own file; --target application, applicationset and argocd-cm are written' })
}

function isRendered({ rendered }: DiscoverSettings): boolean {
  return [...(rendered?.values() ?? [])].some((one) => 'text' in one)
}

interface Outcome {
  readonly before: ReadonlyMap<string, string>
  readonly after: ReadonlyMap<string, string>
  readonly planned: readonly PlannedApplication[]
}

async function finish({ before, after, planned }: Outcome, options: GenerateOptions, io: Io): Promise<ExitCode> {
  const changed = [...after].filter(([file, text]) => before.get(file) !== text).sort(([a], [b]) => (a < b ? -1 : 1))
  const paint = paintOf(io)
  for (const one of planned) io.err(saidOf(one, options))
  for (const [file, text] of changed) io.out(unifiedDiff(file, before.get(file) ?? '', text, paint))
  if (changed.length === 0) io.err('nothing to change\n')
  if (options.write === true) await io.write(new Map(changed))
  const names = changed.map(([file]) => file).join(', ')
  if (changed.length > 0) io.err(options.write === true ? `wrote ${names}\n` : `would change ${names}; --write does it\n`)
  return options.check === true && changed.length > 0 ? 1 : 0
}

function saidOf({ application, plan }: PlannedApplication, options: GenerateOptions): string {
  const mended = (options.target.startsWith('argocd-cm') ? [] : plan.mended).map((one) => {
    const at = application.at(one.pointer)
    return `${options.write === true ? 'mended' : 'would mend'} ${at.file}:${at.line}: gojq rejected it (${one.error}); its folded lines are joined to ${one.joined}\n`
  })
  if (options.explain !== true) return mended.join('')
  const rules = plan.rules.map((rule) => `${rule.by === 'jq' ? rule.expression : rule.pointer}\n  on ${rule.resource.kind} ${rule.resource.name}: ${rule.because}\n  needed at: ${[...new Set(rule.moments)].join('; ')}\n`)
  const none = rules.length === 0 ? [`Application ${application.ref.name} needs no rule beside those that a person wrote\n`] : []
  return [...mended, ...rules, ...none, ...plan.advice.map((sentence) => `sync options of ${application.ref.name}: ${sentence}\n`)].join('')
}
