import 'server-only'

export type MailValues = {
  institution: string
  asker: string
  why: string
  permissions: { title: string; reason: string }[]
  link: string
  contact: string
  campaign: string | null
  endsOn: string | null
  privacyUrl: string | null
  rosterUrl: string
  unsubscribeUrl: string | null
}

type Rendering = { template: string; locale: string; values: MailValues; person: { name: string | null } | null }

/** A mail in words. */
export async function renderMail({ template, values, person }: Rendering) {
  const lines = [person?.name ?? '', values.why, ...values.permissions.map(({ title }) => title), values.link]
  const text = [...lines, values.contact, values.unsubscribeUrl ?? ''].join('\n')
  return { subject: `${values.institution}: ${template}`, html: `<pre>${text}</pre>`, text }
}
