import { expect, test } from 'vitest'
import { isAuthenticated, type ResearcherFinding, toShownState } from '@/lib/researchers/researcher'

const now = new Date('2026-07-12T10:00:00Z')
const researcher = (
  state: 'connected' | 'withdrawn' | 'expired',
  expiresAt: string | null,
  finding: ResearcherFinding | null = null,
) => ({
  state,
  finding,
  expiresAt: expiresAt ? new Date(expiresAt) : null,
})

test('a connection that ends within two years is shown as expiring, a longer one as connected', () => {
  expect(toShownState(researcher('connected', '2028-07-12T09:59:59Z'), now)).toBe('expiring')
  expect(toShownState(researcher('connected', '2028-07-12T10:00:00Z'), now)).toBe('connected')
})

test('what has ended is not shown as expiring', () => {
  expect(toShownState(researcher('withdrawn', '2027-01-01T00:00:00Z'), now)).toBe('withdrawn')
  expect(toShownState(researcher('connected', null), now)).toBe('connected')
})

test('what ORCID ended is shown as it ended, and what does not work as what is wrong with it', () => {
  expect(toShownState(researcher('withdrawn', null, 'withdrawn_at_orcid'), now)).toBe('withdrawn_at_orcid')
  expect(toShownState(researcher('expired', null, 'record_deprecated'), now)).toBe('record_deprecated')
  expect(toShownState(researcher('connected', '2027-01-01T00:00:00Z', 'record_locked'), now)).toBe('record_locked')
  expect(toShownState(researcher('connected', null, 'good'), now)).toBe('connected')
})

test('an iD is authenticated while something is live and works, and an outage changes nothing about that', () => {
  const live = (finding: ResearcherFinding | null) => isAuthenticated({ liveScopes: ['openid'], finding })
  const ended = (finding: ResearcherFinding | null) => isAuthenticated({ liveScopes: [], finding })
  expect([live(null), live('good'), live('unanswered'), live('withdrawn_at_orcid')]).toEqual([true, true, true, true])
  expect([live('wrong_record'), live('record_locked')]).toEqual([false, false])
  expect([ended(null), ended('withdrawn_at_orcid')]).toEqual([false, false])
})
