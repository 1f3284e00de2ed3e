import { applyAs, asRolloutsWrites, changedBy, type ArgocdProfile, type ApplyMethod, applyMethod, type CompareMode, compare, type Comparison, type CompiledRules, compileRules, type CustomSchemas, type IgnoreDifference, type JqEngine, normalizeSides, sync, trackingAnnotation, trackingId } from '@rollsync/argocd'
import { type Change, changeValue, type KubeObject, refOf, valueAt } from '@rollsync/manifests'
import { driftByKey, type DriftOperation } from './drift.ts'
import type { Judge } from './judge.ts'

/** How one Application is compared and synced. */
export interface JudgeSettings {
  readonly application: string
  readonly profile: ArgocdProfile
  readonly mode: CompareMode
  readonly rules: readonly IgnoreDifference[]
  readonly syncOptions: readonly string[]
  readonly jq: JqEngine
  /** The types of custom resources, from the cluster's own definitions; the published ones of Rollouts, Istio and the Gateway API by default. */
  readonly schemas?: CustomSchemas
  readonly argocdCm?: Readonly<Record<string, string>>
}

/** Argo CD of one version as the laws ask it: Git's objects get its tracking mark, live ones are what its own sync of `deployed` left, with what the controllers changed since. */
export function argocdJudge(settings: JudgeSettings): Judge {
  const marked = (object: KubeObject): KubeObject => withTracking(object, settings.application)
  return judgeOf(settings, { marked, found: deployment(marked, settings), withRules: (rules) => argocdJudge({ ...settings, rules }) })
}

/** The same Argo CD, asked about objects as a cluster holds them: what `kubectl get -o json` printed counts as it is, whatever was deployed. */
export function liveJudge(settings: JudgeSettings): Judge {
  return judgeOf(settings, { marked: (object, live) => withMarks(object, live, settings), found: (_, live) => live, withRules: (rules) => liveJudge({ ...settings, rules }) })
}

/** Where the two sides of a comparison come from. */
interface Sides {
  readonly marked: (target: KubeObject, live: KubeObject) => KubeObject
  readonly found: (deployed: KubeObject, live: KubeObject) => KubeObject
  readonly withRules: Judge['withRules']
}

function judgeOf(settings: JudgeSettings, { marked, found, withRules }: Sides): Judge {
  const { profile, mode, syncOptions, jq } = settings
  let compiled: CompiledRules | undefined
  const rules = async (): Promise<CompiledRules> =>
    (compiled ??= await compileRules(settings.rules, { profile, jq, ...(settings.schemas === undefined ? {} : { schemas: settings.schemas }), ...(settings.argocdCm === undefined ? {} : { argocdCm: settings.argocdCm }) }))
  return {
    rules: settings.rules,
    syncOptions,
    compare: async (target, live, deployed) => knownOnly(await compare(marked(target, live), found(deployed, live), { rules: await rules(), mode }), target),
    sync: async (target, live, deployed) =>
      sync(marked(target, live), found(deployed, live), { rules: await rules(), syncOptions, serverSideDiff: mode === 'ssd' ? 'on' : 'off' }),
    found: (live, deployed) => found(deployed, live),
    strip: async (object) => {
      const sides = await normalizeSides(object, null, await rules())
      if (sides.normalized === 'sides') return { stripped: sides.target as unknown as KubeObject }
      return { unverified: sides.normalized === 'unverified' ? sides.reason : sides.error }
    },
    withRules,
  }
}

/** The mark of the installation's method; where the cluster's object has the annotation although the settings say label, they are not those of this cluster. */
function withMarks(object: KubeObject, live: KubeObject, { application, profile, argocdCm = {} }: JudgeSettings): KubeObject {
  const method = argocdCm['application.resourceTrackingMethod'] || profile.tracking
  const byAnnotation = method !== 'label' || live.metadata.annotations?.[trackingAnnotation] !== undefined
  const marked = byAnnotation ? withTracking(object, application) : object
  return method === 'annotation+label' || !byAnnotation ? withLabel(marked, argocdCm['application.instanceLabelKey'] || 'app.kubernetes.io/instance', application) : marked
}

function withLabel(object: KubeObject, key: string, value: string): KubeObject {
  return { ...object, metadata: { ...object.metadata, labels: { ...object.metadata.labels, [key]: value } } }
}

/** Argo CD asks the cluster for the type of a custom resource. That it is not known here says nothing of the cluster. */
function knownOnly(comparison: Comparison, { apiVersion, kind }: KubeObject): Comparison {
  if (comparison.sync !== 'Unknown' || !comparison.error.includes('unable to resolve parseableType')) return comparison
  return { sync: 'unverified', reason: `the type of ${kind} (${apiVersion}) is not known here: put its CustomResourceDefinition beside the manifests` }
}

function withTracking(object: KubeObject, application: string): KubeObject {
  const annotations = { ...object.metadata.annotations, [trackingAnnotation]: trackingId(application, refOf(object)) }
  return { ...object, metadata: { ...object.metadata, annotations } }
}

/** The name under which the Rollouts controller stands in managedFields: that of its binary. */
const rolloutsManager = 'rollouts-controller'

/** Makes live objects, each deployed manifest applied once, and what the cluster holds otherwise written by the Rollouts controller. */
function deployment(marked: (object: KubeObject) => KubeObject, settings: JudgeSettings): (deployed: KubeObject, live: KubeObject) => KubeObject {
  const applied = new WeakMap<KubeObject, KubeObject>()
  const made = new WeakMap<KubeObject, WeakMap<KubeObject, KubeObject>>()
  const { syncOptions } = settings
  return (deployed, live) => {
    const base = applied.get(deployed) ?? firstApply(marked(deployed), applyMethod(deployed, null, syncOptions))
    applied.set(deployed, base)
    const known = made.get(deployed) ?? new WeakMap<KubeObject, KubeObject>()
    made.set(deployed, known)
    // The controller has written a Rollout back since Git's manifest was applied: every revision begins with that.
    const found = known.get(live) ?? drifted(base, driftByKey(deployed, asRolloutsWrites(live)), settings)
    known.set(live, found)
    return found
  }
}

function drifted(base: KubeObject, patch: readonly DriftOperation[], settings: JudgeSettings): KubeObject {
  if (patch.length === 0) return base
  const after = withDrift(base, patch)
  return asksManagers(settings) ? changedBy(base, after, rolloutsManager, settings.schemas) : after
}

/** A three-way comparison and a client-side apply look at last-applied alone. */
function asksManagers({ mode, rules, syncOptions }: JudgeSettings): boolean {
  return mode !== 'legacy' || syncOptions.includes('ServerSideApply=true') || rules.some((rule) => (rule.managedFieldsManagers ?? []).length > 0)
}

function firstApply(target: KubeObject, method: ApplyMethod): KubeObject {
  const result = applyAs(target, null, method)
  return result.outcome === 'applied' ? (result.live as KubeObject) : target
}

function withDrift(object: KubeObject, patch: readonly DriftOperation[]): KubeObject {
  let result: unknown = object
  for (const step of patch) result = changeValue(result, toChange(result, step))
  return result as KubeObject
}

function toChange(document: unknown, step: DriftOperation): Change {
  if (step.op === 'remove') return { do: 'remove', pointer: step.path }
  const parent = valueAt(document, step.path.slice(0, step.path.lastIndexOf('/')))
  return { do: step.op === 'add' && Array.isArray(parent) ? 'insert' : 'set', pointer: step.path, value: step.value }
}
