import { env } from '@/lib/config/env'

/** The parts of a person's page below the summary, the technical log last. */
export const tabs = ['permissions', 'affiliations', 'institution', 'attempts', 'notes', 'history', 'log'] as const
export type Tab = (typeof tabs)[number]

/** Where each tab begins on the page, for links into it. */
export const anchors = {
  permissions: 'grants',
  affiliations: 'items',
  institution: 'details',
  attempts: 'attempts',
  notes: 'notes',
  history: 'events',
  log: 'checks',
} as const satisfies Record<Tab, string>

/** The tab of each list that may be longer than a page. */
export const tabOf = {
  grants: 'permissions',
  attempts: 'attempts',
  checks: 'log',
  calls: 'log',
  events: 'history',
  notes: 'notes',
} as const satisfies Record<string, Tab>

type Asked = {
  tab: string | undefined
  result: string | undefined
  cursors: Record<keyof typeof tabOf, unknown>
  /** Which form was filled in before its sender was signed out. */
  kept: 'note' | 'details' | null
}

/** The tab that an address leads to: the one it names, or the one of the list, the form or the result that it names. */
export function findTab({ tab, result, cursors, kept }: Asked): Tab {
  const named = tabs.find((one) => one === tab)
  if (named) return named
  if (kept) return kept === 'note' ? 'notes' : 'institution'
  if (result?.startsWith('note-')) return 'notes'
  if (result && /^(details|identity|person)-/.test(result)) return 'institution'
  const list = (Object.keys(tabOf) as (keyof typeof tabOf)[]).find((one) => cursors[one] !== null)
  return list ? tabOf[list] : 'permissions'
}

/** Those that are shown with the credentials of this portal. */
export const listTabs = (hasItems: boolean) =>
  tabs.filter((tab) => tab !== 'affiliations' || hasItems || env().orcid.api === 'member')
