import type { Item, Section } from '../records/item'
import { ApiError } from './api-error'
import { type Caller, isSource } from './caller'

const BIO = '/orcid-bio/read-limited'
const LIMITED_SCOPE: Partial<Record<Section, string>> = {
  work: '/orcid-works/read-limited',
  funding: '/funding/read-limited',
  'other-names': BIO,
  keywords: BIO,
  'researcher-urls': BIO,
  'external-identifiers': BIO,
  address: BIO,
  email: BIO,
  biography: BIO,
}

type Sight = 'seen' | 'private' | 'scope' | 'not public'

/** A client always sees its own items, without any scope (`OrcidSecurityManagerImpl.checkAndFilter`). */
function look(caller: Caller, item: Item): Sight {
  if (item.visibility === 'public') return 'seen'
  if (caller.api === 'public') return 'not public'
  if (isSource(caller, item)) return 'seen'
  const isOwn = caller.orcid === item.orcid
  if (item.section === 'email' && isOwn && caller.reach.has('/email/read-private')) return 'seen'
  if (item.visibility === 'private') return 'private'
  return isOwn && caller.reach.has(LIMITED_SCOPE[item.section] ?? '/affiliations/read-limited') ? 'seen' : 'scope'
}

/** Lists silently omit hidden items and unconfirmed email addresses. */
export function visibleItems(caller: Caller, items: readonly Item[], section: Section): Item[] {
  return items.filter(
    (item) => item.section === section && look(caller, item) === 'seen' && item.content.verified !== false,
  )
}

export function checkVisible(caller: Caller, item: Item): void {
  const sight = look(caller, item)
  if (sight === 'private') throw new ApiError('9013')
  if (sight === 'scope') throw new ApiError('9038')
  if (sight === 'not public') throw new ApiError('9039')
}
