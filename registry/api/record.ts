import { AFFILIATIONS, type Item, type JsonObject } from '../records/item'
import { lastModified, orcidIdentifier, when } from './item-json'
import { activityList, affiliationList } from './lists'
import { personJson, type View } from './person'
import { visibleItems } from './visibility'

const CREATED_AT = Date.UTC(2019, 2, 4, 9, 30)

// The order of ORCID's JSON. Peer reviews and research resources are present and empty.
const ACTIVITIES = [
  'distinction',
  'education',
  'employment',
  'funding',
  'invited-position',
  'membership',
  'peer-review',
  'qualification',
  'research-resource',
  'service',
  'work',
] as const
export type Activity = (typeof ACTIVITIES)[number]

/** `employment` for `employments`; null if there is no such list. */
export function activityOfList(list: string | undefined): Activity | null {
  return ACTIVITIES.find((activity) => `${activity}s` === list) ?? null
}

function itemsOf({ caller, items }: View, activity: Activity): Item[] {
  if (activity === 'peer-review' || activity === 'research-resource') return []
  return visibleItems(caller, items, activity)
}

export function activityListJson(view: View, activity: Activity): JsonObject {
  const { registry, person } = view
  const kind = AFFILIATIONS.find((one) => one === activity)
  if (kind) return affiliationList(registry, person.orcid, kind, itemsOf(view, kind))
  return activityList(registry, person.orcid, activity, itemsOf(view, activity))
}

export function activitiesJson(view: View): JsonObject {
  return {
    'last-modified-date': lastModified(ACTIVITIES.flatMap((activity) => itemsOf(view, activity))),
    ...Object.fromEntries(ACTIVITIES.map((activity) => [`${activity}s`, activityListJson(view, activity)])),
    path: `/${view.person.orcid}/activities`,
  }
}

export function recordJson(view: View): JsonObject {
  const { registry, person, items } = view
  return {
    'orcid-identifier': orcidIdentifier(registry, person.orcid),
    preferences: { locale: 'en' },
    history: {
      'creation-method': 'DIRECT',
      'completion-date': null,
      'submission-date': when(CREATED_AT),
      'last-modified-date': lastModified(items) ?? when(CREATED_AT),
      claimed: true,
      source: null,
      'deactivation-date': null,
      'verified-email': true,
      'verified-primary-email': true,
    },
    person: personJson(view),
    'activities-summary': activitiesJson(view),
    path: `/${person.orcid}`,
  }
}
