'use client'

import { useEffect } from 'react'

/** Closes an open menu by Escape and by a click elsewhere; Ctrl-K leads to the search. */
export function SiteKeys() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === 'Escape') closeMenus((menu) => menu.contains(event.target as Node), true)
      if (event.key !== 'k' || !(event.ctrlKey || event.metaKey)) return
      const field = document.querySelector<HTMLInputElement>('#site-search')
      if (!field) return
      event.preventDefault()
      field.focus()
      field.select()
    }
    const onClick = (event: MouseEvent) => closeMenus((menu) => !menu.contains(event.target as Node), false)
    document.addEventListener('keydown', onKey)
    document.addEventListener('click', onClick)
    return () => {
      document.removeEventListener('keydown', onKey)
      document.removeEventListener('click', onClick)
    }
  }, [])
  return null
}

function closeMenus(isMeant: (menu: Element) => boolean, thenFocus: boolean): void {
  for (const menu of document.querySelectorAll('details[name$=menu][open]')) {
    if (!isMeant(menu)) continue
    menu.removeAttribute('open')
    if (thenFocus) menu.querySelector('summary')?.focus()
  }
}
