import { child, type FieldPath, item } from './field-path.ts'
import { textList } from './go-types.ts'
import { isDns1123Subdomain, isIp } from './kube-names.ts'
import { fieldAt, type Json, listAt, textAt } from './loose.ts'
import { invalid, type Subject, type ValidationError, withoutValue } from './validation-error.ts'

/** core/validation validatePodDNSConfig */
export function validateDns(subject: Subject, config: Json | undefined, policy: string, path: FieldPath): readonly ValidationError[] {
  const nameservers = listAt(config, 'nameservers') ?? []
  if (policy === 'None' && config === undefined) return [withoutValue(subject, path, 'Required value', 'must provide `dnsConfig` when `dnsPolicy` is None')]
  if (policy === 'None' && nameservers.length === 0) {
    return [withoutValue(subject, child(path, 'nameservers'), 'Required value', 'must provide at least one DNS nameserver when `dnsPolicy` is None')]
  }
  return [
    ...(nameservers.length <= 3 ? [] : [invalid(subject, child(path, 'nameservers'), { value: nameservers, type: textList }, 'must not have more than 3 nameservers')]),
    ...nameservers.flatMap((address, index) => validateIp(subject, address, item(child(path, 'nameservers'), index))),
    ...validateSearches(subject, listAt(config, 'searches') ?? [], child(path, 'searches')),
    ...(listAt(config, 'options') ?? []).flatMap((option, index) => textAt(option, 'name') === '' ? [withoutValue(subject, item(child(path, 'options'), index), 'Required value', 'must not be empty')] : []),
  ]
}

function validateSearches(subject: Subject, searches: readonly unknown[], path: FieldPath): readonly ValidationError[] {
  const refused = (detail: string): ValidationError => invalid(subject, path, { value: searches, type: textList }, detail)
  return [
    ...(searches.length > 32 ? [refused('must not have more than 32 search paths')] : []),
    ...(new TextEncoder().encode(searches.join(' ')).length > 2048 ? [refused('must not have more than 2048 characters (including spaces) in the search list')] : []),
    ...searches.flatMap((search, index) => {
      const name = typeof search === 'string' ? search.replace(/\.$/, '') : ''
      return isDns1123Subdomain(name).map((message) => invalid(subject, item(path, index), name, message))
    }),
  ]
}

/** core/validation ValidateHostAliases; before 1.34 the library leaves the indexes out. */
export function validateHostAliases(subject: Subject, aliases: readonly unknown[], path: FieldPath): readonly ValidationError[] {
  const json = subject.texts.badValues === 'json'
  return aliases.flatMap((alias, index) => {
    const at = item(path, index)
    const named = json ? at : { field: path.field, pointer: at.pointer }
    return [
      ...validateIp(subject, fieldAt(alias, 'ip') ?? '', child(named, 'ip')),
      ...(listAt(alias, 'hostnames') ?? []).flatMap((hostname, each) => {
        const name = typeof hostname === 'string' ? hostname : ''
        const place = item(child(named, 'hostnames'), each)
        return isDns1123Subdomain(name).map((message) => invalid(subject, json ? place : { field: child(named, 'hostnames').field, pointer: place.pointer }, name, message))
      }),
    ]
  })
}

function validateIp(subject: Subject, address: unknown, path: FieldPath): readonly ValidationError[] {
  const text = typeof address === 'string' ? address : ''
  const told = subject.texts.badValues === 'json' ? 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)' : 'must be valid IP address'
  return isIp(text) ? [] : [invalid(subject, path, text, told)]
}
