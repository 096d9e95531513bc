import type { Registry } from '../context'
import type { Affiliation, Item, Json, JsonObject } from '../records/item'
import { lastModified, summaryJson } from './item-json'

/** Groups items that share a `self` identifier, as ORCID groups the same item from several sources. */
function groupItems(items: readonly Item[]): Item[][] {
  const groups: { keys: Set<string>; items: Item[] }[] = []
  for (const item of items) {
    const keys = selfIds(item).map(({ key }) => key)
    const group = groups.find((one) => keys.some((key) => one.keys.has(key)))
    if (!group) groups.push({ keys: new Set(keys), items: [item] })
    else {
      group.items.push(item)
      for (const key of keys) group.keys.add(key)
    }
  }
  return groups.map((group) => group.items.toSorted((one, other) => other.displayIndex - one.displayIndex))
}

/** The identifying external ids: those with the relationship `self`. */
export function selfIds({ content }: Pick<Item, 'content'>): { key: string; id: Json }[] {
  const list = (content['external-ids'] as { 'external-id'?: JsonObject[] } | null | undefined)?.['external-id'] ?? []
  return list
    .filter((id) => id['external-id-relationship'] === 'self')
    .map((id) => ({ key: `${id['external-id-type']}:${String(id['external-id-value']).trim().toLowerCase()}`, id }))
}

function groupFrame(summaries: readonly JsonObject[], items: readonly Item[]) {
  const ids = new Map<string, Json>()
  for (const [index, item] of items.entries()) {
    const shown = selfIds({ content: summaries[index] ?? {} })
    for (const [position, { key }] of selfIds(item).entries()) ids.set(key, shown[position]?.id ?? null)
  }
  return { 'last-modified-date': lastModified(items), 'external-ids': { 'external-id': [...ids.values()] } }
}

/** `/employments` and the six other affiliation lists. */
export function affiliationList(
  registry: Registry,
  orcid: string,
  kind: Affiliation,
  items: readonly Item[],
): JsonObject {
  const groups = groupItems(items).map((members) => {
    const summaries = members.map((item) => summaryJson(registry, item))
    return {
      ...groupFrame(summaries, members),
      summaries: summaries.map((summary) => ({ [`${kind}-summary`]: summary })),
    }
  })
  return {
    'last-modified-date': lastModified(items),
    'affiliation-group': groups,
    path: `/${orcid}/${kind}s`,
  }
}

/** `/works` and `/fundings`; peer reviews and research resources, always empty here, have the same form. */
export function activityList(registry: Registry, orcid: string, kind: string, items: readonly Item[]): JsonObject {
  const groups = groupItems(items).map((members) => {
    const summaries = members.map((item) => summaryJson(registry, item))
    return { ...groupFrame(summaries, members), [`${kind}-summary`]: summaries }
  })
  return { 'last-modified-date': lastModified(items), group: groups, path: `/${orcid}/${kind}s` }
}
