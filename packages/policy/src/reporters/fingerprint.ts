import { refKey } from '@rollsync/manifests'
import type { Finding } from '../finding.ts'

/**
 * One fingerprint per finding, from rule, object and JSON Pointer: it stays when lines move or a message is reworded. Findings that share all three are counted, in the order given: `…:2`.
 */
export function fingerprints(findings: readonly Pick<Finding, 'rule' | 'resource' | 'pointer'>[]): readonly string[] {
  const seen = new Map<string, number>()
  return findings.map(({ rule, resource, pointer }) => {
    const hash = fnv1a64(`${rule}\n${refKey(resource)}\n${pointer}`)
    const count = (seen.get(hash) ?? 0) + 1
    seen.set(hash, count)
    return `${hash}:${count}`
  })
}

/** FNV-1a, 64 bits, over the UTF-8 bytes, as 16 hexadecimal digits. */
export function fnv1a64(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of new TextEncoder().encode(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n)
  return hash.toString(16).padStart(16, '0')
}
