import { getTranslations } from 'next-intl/server'
import { visibleName } from '@/lib/researchers/visible-name'

/** A researcher's name as a link to their page; one who keeps it private is named by the iD. */
export async function PersonLink({ orcid, name }: { orcid: string; name: string | null }) {
  const t = await getTranslations('staff')
  const visible = visibleName(name)
  return (
    <a href={`/staff/researchers/${orcid}`} className="font-medium">
      {visible ? <bdi translate="no">{visible}</bdi> : t('nameNotPublic')}
      {visible ? null : <span className="sr-only"> {orcid}</span>}
    </a>
  )
}
