import type { KubeObject } from '@rollsync/manifests'
import type { Rollout, RolloutAnalysis } from '../../rollout.ts'
import type { World } from '../../world.ts'
import { child, fieldPath, type FieldPath, item } from '../field-path.ts'
import { fieldAt, listAt, textAt } from '../loose.ts'
import { invalid, type Subject, type ValidationError } from '../validation-error.ts'
import { validateTemplate, validateTemplates } from './analysis-rules.ts'
import { analysisTemplate, clusterAnalysisTemplate, lookup } from './lookup.ts'
import type { Referenced } from './referenced.ts'

/** One place of a Rollout that names AnalysisTemplates. */
interface Analysis {
  readonly kind: 'background' | 'other'
  readonly analysis: RolloutAnalysis
  readonly path: FieldPath
}

/** The templates that a place names, with those that these name in turn, each once. */
export interface Found {
  readonly templates: readonly KubeObject[]
  readonly cluster: readonly KubeObject[]
  readonly missing: readonly ValidationError[]
}

/** controller.go:819 getReferencedRolloutAnalyses and validation_references.go:122 ValidateAnalysisTemplatesWithType */
export function referencedTemplates(subject: Subject, rollout: Rollout, world: World): Referenced {
  const missing: ValidationError[] = []
  const wrong: ValidationError[] = []
  for (const { kind, analysis, path } of analysesOf(rollout)) {
    const found = findTemplates(subject, rollout, world, analysis.templates ?? [], path, new Set())
    missing.push(...found.missing)
    if (found.missing.length > 0) continue
    const general = validateTemplates(subject, rollout, analysis, found, path)
    wrong.push(...general)
    if (general.length === 0) for (const template of [...found.templates, ...found.cluster]) wrong.push(...validateTemplate(subject, rollout, template, kind, path))
  }
  return { missing, wrong }
}

function analysesOf(rollout: Rollout): readonly Analysis[] {
  const { blueGreen, canary } = rollout.spec.strategy
  const strategy = fieldPath('spec', 'strategy')
  const place = (kind: Analysis['kind'], analysis: RolloutAnalysis | undefined, path: FieldPath): readonly Analysis[] =>
    analysis === undefined ? [] : [{ kind, analysis, path: child(path, 'templates') }]
  if (blueGreen !== undefined) {
    return [...place('other', blueGreen.prePromotionAnalysis, child(strategy, 'blueGreen', 'prePromotionAnalysis')),
      ...place('other', blueGreen.postPromotionAnalysis, child(strategy, 'blueGreen', 'postPromotionAnalysis'))]
  }
  return [
    ...(canary?.steps ?? []).flatMap((step, index) => place('other', step.analysis, child(item(child(strategy, 'canary', 'steps'), index), 'analysis'))),
    ...place('background', canary?.analysis, child(strategy, 'canary', 'analysis')),
  ]
}

/** controller.go:879 getReferencedAnalysisTemplatesFromRef. A template that names itself would keep the controller busy for ever; here it counts once. */
function findTemplates(
  subject: Subject, rollout: Rollout, world: World, refs: readonly unknown[], path: FieldPath, above: ReadonlySet<string>,
): Found {
  const templates = new Map<string, KubeObject>()
  const cluster = new Map<string, KubeObject>()
  const missing: ValidationError[] = []
  for (const [index, ref] of refs.entries()) {
    const name = textAt(ref, 'templateName')
    const scope = fieldAt(ref, 'clusterScope') === true
    const answer = lookup(world, scope ? clusterAnalysisTemplate : analysisTemplate, scope ? '' : rollout.metadata.namespace ?? '', name)
    if (answer.found === 'no') {
      missing.push(invalid(subject, { field: path.field, pointer: item(path, index).pointer }, name, `${scope ? 'ClusterAnalysisTemplate' : 'AnalysisTemplate'} '${name}' not found`))
      continue
    }
    const into = scope ? cluster : templates
    if (!into.has(name)) into.set(name, answer.object)
    const nested = subject.texts.nestedTemplates && !above.has(`${scope}/${name}`) ? listAt(answer.object['spec'], 'templates') : undefined
    if (nested === undefined) continue
    const inner = findTemplates(subject, rollout, world, nested, { field: 'spec.templates', pointer: item(path, index).pointer }, new Set([...above, `${scope}/${name}`]))
    missing.push(...inner.missing)
    for (const template of inner.templates) if (!templates.has(template.metadata.name)) templates.set(template.metadata.name, template)
    for (const template of inner.cluster) if (!cluster.has(template.metadata.name)) cluster.set(template.metadata.name, template)
  }
  return { templates: [...templates.values()], cluster: [...cluster.values()], missing }
}
