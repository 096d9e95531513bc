import { getTranslations } from 'next-intl/server'
import { visibleName } from '@/lib/researchers/visible-name'

type Props = { orcid: string | null; name: string | null; id?: string }

/** A person's name as a link to their page; one whose name is not known is named by the iD. `id`: without an iD. */
export async function PersonLink({ orcid, name, id }: Props) {
  const t = await getTranslations('staff')
  const visible = visibleName(name)
  return (
    <a href={orcid ? `/staff/researchers/${orcid}` : `/staff/people/${id}`} className="font-medium">
      {visible ? <bdi translate="no">{visible}</bdi> : t('nameNotPublic')}
      {visible ? null : <span className="sr-only"> {orcid}</span>}
    </a>
  )
}
