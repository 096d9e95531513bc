import { Download } from 'lucide-react'
import { getTranslations } from 'next-intl/server'

type Props = {
  path: string
  params: URLSearchParams
  /** Where there are more ways to have it as a file. */
  more?: string
}

/** What a page lists, as a file of either kind. */
export async function DownloadLinks({ path, params, more }: Props) {
  const t = await getTranslations('staff')
  return (
    <div className="no-print flex flex-wrap items-center gap-2">
      {(['csv', 'json'] as const).map((format) => (
        <a
          key={format}
          href={`${path}?${new URLSearchParams([...params, ['format', format]])}`}
          download
          className="btn btn-quiet text-sm"
        >
          <Download size={20} />
          {t('list.export', { format: format.toUpperCase() })}
        </a>
      ))}
      {more ? (
        <a href={`${more}?${params}`} className="inline-flex min-h-8 items-center px-1 text-sm">
          {t('exports.more')}
        </a>
      ) : null}
    </div>
  )
}
