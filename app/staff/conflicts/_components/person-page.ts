import { seeOther } from '@/lib/http/see-other'

type Person = { id: string; orcid: string | null }

/** A person's page with what came of a form on it. */
export const seePerson = ({ id, orcid }: Person, result: string) =>
  seeOther(
    `${orcid ? `/staff/researchers/${orcid}` : `/staff/people/${id}`}?result=identity-${result.replaceAll('_', '-')}#identity`,
  )
