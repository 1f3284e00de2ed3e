const isMap = value => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Every place of a value: the container, the key in it, and the way there. */
export const placesOf = (value, path = []) => {
  const keys = Array.isArray(value) ? value.map((_, index) => index) : isMap(value) ? Object.keys(value) : []
  return keys.flatMap(key => [{ parent: value, key, path: [...path, key] }, ...placesOf(value[key], [...path, key])])
}

/** The value at a path, or undefined. */
export const valueAt = (value, path) => path.reduce((inner, key) => (typeof inner === 'object' && inner !== null ? inner[key] : undefined), value)

/** A JSON pointer to a path. */
export const pointerTo = path => path.map(key => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('')

/** A jq path to it, list elements by index or all of them. */
export const jqTo = (path, random) => path.map(key =>
  typeof key === 'number' ? random.pick([`[${key}]`, '[]', '[]?', `[-1]`, '[0:1]'])
    : /^[A-Za-z_]\w*$/.test(key) ? `.${key}${random.once(8) ? '?' : ''}` : random.pick([`.[${JSON.stringify(key)}]`, `.${JSON.stringify(key)}`, `[${JSON.stringify(key)}]`])).join('').replace(/^\[/, '.[') || '.'
