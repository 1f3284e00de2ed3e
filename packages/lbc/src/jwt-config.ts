import { type Annotations, jsonAnnotation } from './annotations.ts'
import { failure } from './controller-error.ts'
import { namedText, slice, struct, text } from './go/json-type.ts'
import type { LbcProfile } from './profile.ts'

export interface JwtValidation {
  readonly jwksEndpoint: string
  readonly issuer: string
  readonly additionalClaims?: readonly { readonly format: string; readonly name: string; readonly values: readonly string[] }[]
}

interface WrittenClaim { readonly format: string; readonly name: string; readonly values?: readonly string[] }
interface WrittenJwt { readonly jwksEndpoint: string; readonly issuer: string; readonly additionalClaims?: readonly WrittenClaim[] }

const jwtType = struct('JwtValidationConfig', {
  jwksEndpoint: text,
  issuer: text,
  additionalClaims: slice(struct('JwtAdditionalClaim', { format: namedText('jwtAdditionalClaimFormat'), name: text, values: slice(text) })),
})

/** `jwt-validation` of the Ingress, parsed and checked, also where no listener speaks HTTPS (enhanced_backend_builder.go buildJwtValidationConfig). */
export function readJwtValidation(annotations: Annotations, profile: LbcProfile): JwtValidation | undefined {
  if (profile.jwtValidation === 'unknown') return undefined
  const written = jsonAnnotation<WrittenJwt>(annotations, 'jwt-validation', jwtType)
  if (written === undefined) return undefined
  if (written.jwksEndpoint === '') throw failure('jwksEndpoint is a required field for jwt validation')
  if (written.issuer === '') throw failure('issuer is a required field for jwt validation')
  const claims = (written.additionalClaims ?? []).map(validatedClaim)
  return { jwksEndpoint: written.jwksEndpoint, issuer: written.issuer, ...(claims.length === 0 ? {} : { additionalClaims: claims }) }
}

function validatedClaim(claim: WrittenClaim): { readonly format: string; readonly name: string; readonly values: readonly string[] } {
  if (claim.format === '') throw failure('format is a required field for additional claims for jwt validation')
  if (claim.name === '') throw failure('name is a required field for additional claims for jwt validation')
  if (claim.values === undefined || claim.values.length === 0) throw failure('values must not be empty for additional claims for jwt validation')
  return { format: claim.format, name: claim.name, values: claim.values }
}
