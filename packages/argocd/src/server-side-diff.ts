import { ApplyError } from './apply.ts'
import type { CompareOptions, Prepare } from './compare.ts'
import { type JsonMap, nestedText, own, textAt, without } from './json-map.ts'
import { lastAppliedAnnotation } from './last-applied.ts'
import { hideSecretData } from './hide-secret-data.ts'
import { remarshal } from './remarshal.ts'
import { removeWebhookMutation } from './remove-webhook-mutation.ts'
import { applyServerSide } from './server-side-apply.ts'
import type { Steps } from './settle.ts'
import { StructuredMergeError } from './structured/typed-value.ts'
import { DiffError, type Sides } from './three-way.ts'

export interface DryRun {
  /** What is sent: the configuration, as far as it has been normalised by then. */
  readonly config: JsonMap | null
  /** The cluster's object, against which the server applies. */
  readonly stored: JsonMap
  /** Live as the comparison has prepared it. */
  readonly live: JsonMap | null
}

/** diff.go serverSideDiff: a server-side apply as a dry run, without what webhooks changed, both sides normalised afterwards. */
export function* serverSideDiff({ config, stored, live }: DryRun, prepare: Prepare, options: CompareOptions): Steps<Sides> {
  const { profile } = options.rules
  const predicted = withoutMutations(config ?? {}, live ?? {}, dryRun(config ?? {}, stored, options), options)
  if (profile.era !== '3') return { predicted: strip(yield* prepare(predicted), ['managedFields']), live: strip(live, ['managedFields']) }
  const sides = { predicted: strip(yield* prepare(remarshal(predicted, profile.emptyTimes)), transient), live: strip(yield* prepare(live ?? {}), transient) }
  const isSecret = config !== null && own(config, 'kind') === 'Secret' && own(config, 'apiVersion') === 'v1'
  return isSecret && profile.serverSideSecrets === 'masked' ? hideSecretData(sides) : sides
}

const transient = ['managedFields', 'resourceVersion', 'last applied'] as const

function strip(object: JsonMap | null, fields: readonly (typeof transient)[number][]): JsonMap | null {
  const pathOf = (field: string): readonly string[] => (field === 'last applied' ? ['metadata', 'annotations', lastAppliedAnnotation] : ['metadata', field])
  return object && fields.reduce((rest, field) => without(rest, pathOf(field)), object)
}

function resourceText(object: JsonMap): string {
  return `${textAt(object, 'kind')}/${nestedText(object, ['metadata', 'name'])}`
}

function dryRun(config: JsonMap, stored: JsonMap, options: CompareOptions): JsonMap {
  try {
    return applyServerSide(config, stored, options.rules.schemas)
  } catch (error) {
    if (error instanceof ApplyError) throw failure(`error running server side apply in dryrun mode for resource ${resourceText(config)}: ${error.message}`)
    throw error
  }
}

function withoutMutations(config: JsonMap, live: JsonMap, predicted: JsonMap, options: CompareOptions): JsonMap {
  if (options.mutationWebhook === 'include') return predicted
  try {
    return removeWebhookMutation(predicted, live, options.rules)
  } catch (error) {
    if (error instanceof StructuredMergeError) throw failure(`error removing non config mutations for resource ${resourceText(config)}: ${error.message}`)
    throw error
  }
}

function failure(message: string): DiffError {
  return new DiffError(`error calculating server side diff: serverSideDiff error: ${message}`)
}
