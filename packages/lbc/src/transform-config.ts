import { type Annotations, jsonAnnotation } from './annotations.ts'
import { failure } from './controller-error.ts'
import { namedText, pointer, slice, struct, text } from './go/json-type.ts'
import type { LbcProfile } from './profile.ts'

export interface Rewrites {
  readonly rewrites: readonly { readonly regex: string; readonly replace: string }[]
}

/** What a rule does to a request before it forwards it. */
export type Transform =
  | { readonly type: 'host-header-rewrite'; readonly hostHeaderRewriteConfig: Rewrites }
  | { readonly type: 'url-rewrite'; readonly urlRewriteConfig: Rewrites }

interface WrittenTransform {
  readonly type: string
  readonly hostHeaderRewriteConfig?: Partial<Rewrites>
  readonly urlRewriteConfig?: Partial<Rewrites>
}

const rewriteConfig = pointer(struct('RewriteConfigObject', { rewrites: slice(struct('RewriteConfig', { regex: text, replace: text })) }))
const transformsType = slice(struct('Transform', {
  type: namedText('TransformType'), hostHeaderRewriteConfig: rewriteConfig, urlRewriteConfig: rewriteConfig,
}))

/** `transforms.<service>`, parsed and checked (enhanced_backend_builder.go buildTransforms). */
export function readTransforms(annotations: Annotations, service: string, profile: LbcProfile): readonly Transform[] {
  if (profile.transforms === 'unknown') return []
  return (jsonAnnotation<readonly WrittenTransform[]>(annotations, `transforms.${service}`, transformsType) ?? []).map(validated)
}

function validated(transform: WrittenTransform): Transform {
  switch (transform.type) {
    case 'host-header-rewrite':
      return { type: 'host-header-rewrite', hostHeaderRewriteConfig: requireRewrites('hostHeaderRewriteConfig', transform.hostHeaderRewriteConfig) }
    case 'url-rewrite': return { type: 'url-rewrite', urlRewriteConfig: requireRewrites('urlRewriteConfig', transform.urlRewriteConfig) }
    default: throw failure(`unknown transform type: ${transform.type}`)
  }
}

function requireRewrites(name: string, config: Partial<Rewrites> | undefined): Rewrites {
  if (config === undefined) throw failure(`missing ${name}`)
  if (config.rewrites === undefined || config.rewrites.length === 0) throw failure(`${name}.rewrites cannot be empty`)
  return { rewrites: config.rewrites }
}
