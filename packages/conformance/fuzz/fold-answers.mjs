/** Answered questions as a vector file: every object once, named by its id. With `syncs` false what each kind of apply leaves is left out. */
export const foldAnswers = (answers, { group, version, syncs }) => {
  const ids = new Map()
  const objects = {}
  const idOf = object => {
    if (object === null || object === undefined) return null
    const text = JSON.stringify(object)
    if (!ids.has(text)) {
      ids.set(text, `o${ids.size + 1}`)
      objects[ids.get(text)] = object
    }
    return ids.get(text)
  }
  const mapped = (value, step) => (typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, step(inner)])) : value)
  const compared = one => ('normalizedLive' in one ? { ...one, normalizedLive: idOf(one.normalizedLive), predictedLive: idOf(one.predictedLive) } : one)
  const sides = one => ('target' in one || 'live' in one ? { ...one, target: idOf(one.target), live: idOf(one.live) } : one)
  const synced = one => (one === undefined || typeof one === 'string' ? one : mapped(one, after => ('object' in after ? { ...after, object: idOf(after.object) } : after)))
  const cases = answers.filter(({ refused }) => refused === undefined).map(({ result, target, live, ...asked }) => ({
    ...asked, target: idOf(target), live: idOf(live),
    results: [{
      versions: [version], compare: mapped(result.compare, compared), normalized: sides(result.normalized), rid: 'target' in result.rid ? { ...result.rid, target: idOf(result.rid.target) } : result.rid,
      ...(syncs && result.sync ? { sync: mapped(result.sync, synced) } : {}),
    }],
  }))
  return { format: 'rollsync-argocd-vectors/1', group, objects, cases }
}
