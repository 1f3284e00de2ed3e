/** A name as DNS takes it: applicationset/utils/template_functions.go SanitizeName. */
export function normalized(name: string): string {
  return name.toLowerCase().replaceAll(/[^-a-z0-9.]/g, '-').slice(0, 253).replace(/^[.-]+|[.-]+$/g, '')
}
