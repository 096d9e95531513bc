import { Download } from 'lucide-react'
import { getTranslations } from 'next-intl/server'

/** What a page lists, as a file of either kind. */
export async function DownloadLinks({ path, params }: { path: string; params: URLSearchParams }) {
  const t = await getTranslations('staff.list')
  return (
    <div className="no-print flex flex-wrap gap-2">
      {(['csv', 'json'] as const).map((format) => (
        <a
          key={format}
          href={`${path}?${new URLSearchParams([...params, ['format', format]])}`}
          download
          className="btn btn-quiet text-sm"
        >
          <Download size={20} />
          {t('export', { format: format.toUpperCase() })}
        </a>
      ))}
    </div>
  )
}
