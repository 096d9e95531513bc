import type { Registry } from '../context'
import { type Item, type JsonObject, SECTIONS } from '../records/item'
import { ApiError, notFound } from './api-error'
import { type Caller, checkOwner, checkScope } from './caller'
import { itemJson, summaryJson } from './item-json'
import type { Document } from './media'
import {
  biographyJson,
  elementsOf,
  isPersonSection,
  personalDetailsJson,
  personJson,
  sectionJson,
  type View,
  viewOf,
} from './person'
import { activitiesJson, activityListJson, activityOfList, recordJson } from './record'
import { openRecord } from './record-state'
import { recordSummaryJson } from './summary'
import { checkVisible } from './visibility'

export const noSuchPath = () => new ApiError('9001', { status: 404 })

/** A GET below `/v3.0/{orcid}`. Checks the record's state before owner and scope, but after them at the summary. */
export function readRecord(registry: Registry, caller: Caller, orcid: string, rest: readonly string[]): Document {
  const isSummary = rest.length === 1 && rest[0] === 'summary'
  if (isSummary && caller.api === 'public') throw noSuchPath()
  const checkToken = () => {
    checkOwner(caller, orcid)
    checkScope(caller, ['/read-public'])
  }
  if (isSummary) checkToken()
  const person = openRecord(registry, caller.api, orcid, 'GET', rest.map((part) => `/${part}`).join(''))
  if (!isSummary) checkToken()
  const view = viewOf(registry, caller, person)
  const [first, second, third] = rest
  if (rest.length === 2 && first === 'works' && second !== undefined) return manyWorks(view, second)
  if (rest.length === 2 && first !== undefined && second !== undefined) return oneItem(view, first, second, false)
  if (rest.length === 3 && first !== undefined && second === 'summary' && third !== undefined) {
    return oneItem(view, first, third, true)
  }
  if (rest.length > 1) throw noSuchPath()
  return wholePart(view, first ?? 'record')
}

function wholePart(view: View, part: string): Document {
  switch (part) {
    case 'record':
      return { root: 'record:record', body: recordJson(view) }
    case 'person':
      return { root: 'person:person', body: personJson(view) }
    case 'personal-details':
      return { root: 'personal-details:personal-details', body: personalDetailsJson(view) }
    case 'activities':
      return { root: 'activities:activities-summary', body: activitiesJson(view) }
    case 'summary':
      return { root: 'summary:record-summary', body: recordSummaryJson(view) }
    case 'biography':
      return { root: 'personal-details:biography', body: biographyOf(view) }
  }
  if (isPersonSection(part)) return { root: elementsOf(part).list, body: sectionJson(view, part) }
  const activity = activityOfList(part)
  if (!activity) throw noSuchPath()
  return { root: `activities:${part}`, body: activityListJson(view, activity) }
}

function biographyOf(view: View) {
  const biography = biographyJson(view)
  if (!biography) throw new ApiError('9041')
  return biography
}

const MANY_MAX = 100

/** `/works/1,2`: each work or what is wrong with it, in the order asked for. */
function manyWorks({ registry, caller, person }: View, putCodes: string): Document {
  const asked = putCodes.split(',')
  if (asked.length > MANY_MAX) throw new ApiError('9042')
  const bulk = asked.map((putCode): JsonObject => {
    try {
      const item = findItem(registry, person.orcid, 'work', putCode.trim())
      checkVisible(caller, item)
      return { work: itemJson(registry, item) }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return { error: error.body(caller.client.name) }
    }
  })
  return { root: 'bulk:bulk', body: { bulk } }
}

function oneItem({ registry, caller, person }: View, section: string, putCode: string, isSummary: boolean): Document {
  const isActivity = activityOfList(`${section}s`) !== null
  const exists = isSummary ? isActivity : isActivity || (isPersonSection(section) && section !== 'email')
  if (!exists) throw noSuchPath()
  const item = findItem(registry, person.orcid, section, putCode)
  checkVisible(caller, item)
  if (isSummary) return { root: `${section}:${section}-summary`, body: summaryJson(registry, item) }
  const root = isPersonSection(section) ? elementsOf(section).entry : `${section}:${section}`
  return { root, body: itemJson(registry, item) }
}

/** Throws ORCID's error if the section lacks the put-code. */
export function findItem(registry: Registry, orcid: string, section: string, putCode: string): Item {
  if (!/^\d{1,15}$/.test(putCode)) throw new ApiError('9034')
  const item = registry.store.shelf.find(orcid, Number(putCode))
  if (!item || item.section !== SECTIONS.find((one) => one === section)) throw notFound()
  return item
}
