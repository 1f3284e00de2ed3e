const words = new Map<string, boolean | null>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word) => [word, true] as const),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word) => [word, false] as const),
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
])
const float = /^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/
const integer = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/
const yaml12Core = /^(?:true|True|TRUE|false|False|FALSE|null|Null|NULL|~|[-+]?\d+|0o[0-7]+|0x[\da-fA-F]+|[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/
const yaml11Extra = /^(?:\d{4}-\d\d?-\d\d?.*|[-+]?[\d_]+(?::[0-5]?\d)+(?:\.[\d_]*)?|[-+]?[\d][\d_]*(?:\.[\d_]*)?|[-+]?0b[01_]+|[-+]?0x[\da-fA-F_]+|=|<<)$/

/**
 * What an unquoted scalar means to Kubernetes, which reads YAML through sigs.k8s.io/yaml (go-yaml v2, resolve.go): `on` and `y` are true,
 * `012` is ten, `1e3` a thousand, `1_000` a thousand, `1:30` and dates are texts. `.inf` and `.nan` stay texts here; a document that holds one has no JSON at all.
 */
export function resolvePlain(text: string): string | number | boolean | null {
  const word = words.get(text)
  if (word !== undefined) return word
  if (!/^[-+.\d]/.test(text)) return text
  if (text.startsWith('.')) return float.test(text) ? finite(text) : text
  const digits = text.replaceAll('_', '')
  const match = integer.exec(digits)
  if (match !== null) return integerOf(match)
  return float.test(digits) ? finite(digits, text) : text
}

function finite(digits: string, otherwise: string = digits): number | string {
  const value = Number(digits)
  return Number.isFinite(value) ? value : otherwise
}

function integerOf(match: RegExpExecArray): number {
  const [, sign, hex, binary, octal, decimal] = match
  const size = hex !== undefined ? parseInt(hex, 16) : binary !== undefined ? parseInt(binary, 2) : octal !== undefined ? parseInt(octal, 8) : Number(decimal)
  return sign === '-' && size !== 0 ? -size : size
}

/** Whether a text may stand unquoted and be read as this same text by YAML 1.1 and YAML 1.2 readers alike. */
export function readsAsText(text: string): boolean {
  return typeof resolvePlain(text) === 'string' && !yaml12Core.test(text) && !yaml11Extra.test(text)
}
