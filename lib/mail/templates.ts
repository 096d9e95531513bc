import 'server-only'
import { db } from '@/lib/db'

export const builtInTemplates = [
  'invitation',
  'reminder',
  'last_reminder',
  'allowed_less',
  'correction',
  'new_link',
] as const
export type BuiltInTemplate = (typeof builtInTemplates)[number]

export type TextFault = { code: string; name?: string }

/** Ours and the institution's. */
export async function listTemplates(): Promise<{ key: string; name: string; basedOn: BuiltInTemplate }[]> {
  const own = await db().mailTemplate.findMany({ orderBy: { name: 'asc' } })
  return [
    ...builtInTemplates.map((key) => ({ key: key as string, name: key as string, basedOn: key })),
    ...own.map(({ key, name, basedOn }) => ({ key, name, basedOn: basedOn as BuiltInTemplate })),
  ]
}

export async function getMailText(template: string, locale: string): Promise<{ subject: string; body: string }> {
  const own = await db().mailText.findUnique({ where: { template_locale: { template, locale } } })
  return own ?? { subject: 'Connect your ORCID iD', body: '{why} {permissions} {link}' }
}

export async function hasMailText(template: string, locale: string): Promise<boolean> {
  if (builtInTemplates.some((key) => key === template)) return true
  return (await db().mailText.count({ where: { template, locale } })) > 0
}

/** What is wrong with a text. */
export function findTextFaults(_basedOn: string, { body }: { subject: string; body: string }): TextFault[] {
  return body.includes('{link}') ? [] : [{ code: 'missing', name: 'link' }]
}
