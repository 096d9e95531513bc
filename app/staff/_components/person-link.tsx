import { getTranslations } from 'next-intl/server'

/** A researcher's name as a link to their page; one who keeps it private is named by the iD. */
export async function PersonLink({ orcid, name }: { orcid: string; name: string | null }) {
  const t = await getTranslations('staff')
  return (
    <a href={`/staff/researchers/${orcid}`} className="font-medium">
      {name ? <bdi translate="no">{name}</bdi> : t('nameNotPublic')}
      {name ? null : <span className="sr-only"> {orcid}</span>}
    </a>
  )
}
