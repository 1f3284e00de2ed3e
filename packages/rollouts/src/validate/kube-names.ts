// k8s.io/apimachinery pkg/util/validation/validation.go: each answers with what is wrong, in the library's words, or with nothing.

const subdomain = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'

export function isQualifiedName(value: string): readonly string[] {
  const parts = value.split('/')
  const regex = regexText("must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]', 'MyName', 'my.name', '123-abc')
  if (parts.length > 2) return [`a qualified name ${regex} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  const name = parts.at(-1) ?? ''
  const errors: string[] = []
  if (parts.length === 2) {
    const prefix = parts[0] ?? ''
    if (prefix === '') errors.push('prefix part must be non-empty')
    else errors.push(...isDns1123Subdomain(prefix).map((message) => `prefix part ${message}`))
  }
  if (name === '') errors.push('name part must be non-empty')
  else if (byteLength(name) > 63) errors.push(`name part ${tooLong(63)}`)
  if (!/^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(name)) errors.push(`name part ${regex}`)
  return errors
}

export function isValidLabelValue(value: string): readonly string[] {
  const errors = byteLength(value) > 63 ? [tooLong(63)] : []
  if (/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value)) return errors
  return [...errors, regexText("a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
    '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?', 'MyValue', 'my_value', '12345')]
}

/** `dots`: a name that only has dots too many is told so. */
export function isDns1123Label(value: string, dots: boolean): readonly string[] {
  const errors = byteLength(value) > 63 ? [tooLong(63)] : []
  if (/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value)) return errors
  const whole = dots && new RegExp(`^${subdomain}$`).test(value)
  return [...errors, whole ? 'must not contain dots'
    : regexText("a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
      '[a-z0-9]([-a-z0-9]*[a-z0-9])?', 'my-name', '123-abc')]
}

export function isDns1123Subdomain(value: string): readonly string[] {
  const errors = byteLength(value) > 253 ? [tooLong(253)] : []
  if (new RegExp(`^${subdomain}$`).test(value)) return errors
  return [...errors, regexText("a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
    subdomain, 'example.com')]
}

export function isValidPortNumber(port: number): readonly string[] {
  return port >= 1 && port <= 65535 ? [] : ['must be between 1 and 65535, inclusive']
}

export function isValidPortName(name: string): readonly string[] {
  const errors = byteLength(name) > 15 ? [tooLong(15)] : []
  if (!/^[-a-z0-9]+$/.test(name)) errors.push('must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)')
  if (!/[a-z]/.test(name)) errors.push('must contain at least one letter (a-z)')
  if (name.includes('--')) errors.push('must not contain consecutive hyphens')
  if (name.startsWith('-') || name.endsWith('-')) errors.push('must not begin or end with a hyphen')
  return errors
}

/** RelaxedEnvVarName since Kubernetes 1.30 (feature gate, on since 1.32); before, C-like names with dots and dashes. */
export function isEnvVarName(value: string): readonly string[] {
  const errors: string[] = []
  if (!/^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(value)) {
    errors.push(regexText("a valid environment variable name must consist of alphabetic characters, digits, '_', '-', or '.', and must not start with a digit",
      '[-._a-zA-Z][-._a-zA-Z0-9]*', 'my.env-name', 'MY_ENV.NAME', 'MyEnvName1'))
  }
  return [...errors, ...directoryErrors(value)]
}

/** apimachinery MaxLenError: it counts bytes and says characters. */
function tooLong(length: number): string {
  return `must be no more than ${length} characters`
}

export function isConfigMapKey(value: string): readonly string[] {
  const errors = byteLength(value) > 253 ? [tooLong(253)] : []
  if (!/^[-._a-zA-Z0-9]+$/.test(value)) errors.push(regexText("a valid config key must consist of alphanumeric characters, '-', '_' or '.'", '[-._a-zA-Z0-9]+', 'key.name', 'KEY_NAME', 'key-name'))
  return [...errors, ...directoryErrors(value)]
}

/** apimachinery hasChDirPrefix */
function directoryErrors(value: string): readonly string[] {
  if (value === '.' || value === '..') return [`must not be '${value}'`]
  return value.startsWith('..') ? ["must not start with '..'"] : []
}

/** apimachinery RegexError: `e.g. 'a',  or 'b'`, with both blanks. */
function regexText(message: string, format: string, ...examples: readonly string[]): string {
  return `${message} (e.g. ${examples.map((example) => `'${example}'`).join(',  or ')}, regex used for validation is '${format}')`
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length
}

/** k8s.io/utils/net ParseIPSloppy: leading zeros are read as decimal. */
export function isIp(text: string): boolean {
  return text.includes(':') ? isIpv6(text) : isIpv4(text)
}

function isIpv4(text: string): boolean {
  return /^\d+(\.\d+){3}$/.test(text) && text.split('.').every((part) => Number(part) <= 255)
}

function isIpv6(text: string): boolean {
  const [, start = '', last = ''] = /^(.*:)([^:]*)$/s.exec(text) ?? []
  // An IPv4 address at the end stands for two groups.
  const spelled = last.includes('.') ? (isIpv4(last) ? `${start}0:0` : 'x') : text
  const halves = spelled.split('::').map((half) => half === '' ? [] : half.split(':'))
  const groups = halves.flat()
  const enough = halves.length === 1 ? groups.length === 8 : halves.length === 2 && groups.length < 8
  return enough && groups.every((group) => /^[0-9a-f]+$/i.test(group) && Number.parseInt(group, 16) <= 0xffff)
}
