/** 16 × 16, drawn with strokes in the colour of the text. They decorate: the words beside them say the same. */
const drawings = {
  bell: 'M8 2a4 4 0 0 0-4 4c0 3-1 4.2-1.5 5h11C13 10.2 12 9 12 6a4 4 0 0 0-4-4ZM6.7 13.500a1.4 1.4 0 0 0 2.6 0',
  sites: 'M8 1.800a6.2 6.2 0 1 0 0 12.400A6.2 6.2 0 0 0 8 1.800ZM2 8h12M8 2c4 4 4 8 0 12M8 2c-4 4-4 8 0 12',
  activity: 'M1.5 8.500h3l2-6 3.2 11 2-5h2.8',
  send: 'M14 2 2 6.800l4.8 2.400L14 2Zm0 0L9.2 14 6.8 9.2',
  team: 'M6 7.500a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Zm-4.5 6c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4M10.5 2.700a2.4 2.4 0 0 1 0 4.600m1.5 2.500c1.6.5 2.5 1.9 2.5 3.7',
  key: 'M10.2 9.500a3.7 3.7 0 1 0-3.6-2.800L2 11.300V14h2.700v-1.700h1.700v-1.700l1.1-1.200c.8.2 1.8.300 2.7.1ZM11 5.100h.01',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6ZM8 1v1.500M8 13.500V15M1 8h1.500M13.5 8H15M3 3l1.1 1.100M11.9 11.9 13 13M13 3l-1.1 1.100M4.1 11.9 3 13',
  moon: 'M13.5 9.800A6 6 0 0 1 6.2 2.500a6 6 0 1 0 7.3 7.300Z',
  screen: 'M2 3h12v8H2zM6 14h4M8 11v3',
  check: 'm3 8.5 3.3 3.300L13 4.7',
  cross: 'm4 4 8 8m0-8-8 8',
  plus: 'M8 3v10M3 8h10',
  pause: 'M5.5 3v10m5-10v10',
  play: 'M5 3v10l8-5Z',
  trash: 'M2.5 4h11M6 4V2.500h4V4m-6 0 .7 9.500h6.600L12 4M6.7 6.800v4m2.6-4v4',
  refresh: 'M13.5 8a5.5 5.5 0 1 1-1.7-4M13.5 1.800V5h-3.2',
  settings:
    'M2 4.500h6m4 0h2M2 11.500h2m4 0h6M10 2.800a1.7 1.7 0 1 0 0 3.400 1.7 1.7 0 0 0 0-3.400ZM6 9.800a1.7 1.7 0 1 0 0 3.400 1.7 1.7 0 0 0 0-3.400Z',
  copy: 'M5.5 5.500h8v8h-8zM10.5 5.500v-3h-8v8h3',
  external: 'M9 2.500h4.500V7M13.5 2.5 7.5 8.500M11.5 9.500v4h-9v-9h4',
  right: 'm6 3.5 4.5 4.500L6 12.5',
  clock: 'M8 1.800a6.2 6.2 0 1 0 0 12.400A6.2 6.2 0 0 0 8 1.800ZM8 4.500V8l2.3 1.5',
  out: 'M6.5 2.500h-4v11h4M10 5l3 3-3 3m3-3H6',
  mail: 'M1.8 3.500h12.400v9H1.800zM2 4l6 5 6-5',
  hook: 'M5.5 9.5 8 5a2.2 2.2 0 1 0-2-1M9.8 5.800l2.4 4.300a2.2 2.2 0 1 1-1.7 3.300M9 12H4.600a2.2 2.2 0 1 1-1-2.6',
  shield: 'M8 1.8 13 3.600v4c0 3.3-2.2 5.6-5 6.6-2.8-1-5-3.3-5-6.600v-4Z',
  critical: 'M5.3 1.800h5.400l3.5 3.500v5.400l-3.5 3.500H5.300l-3.5-3.500V5.300ZM8 4.800v3.700M8 11h.01',
  high: 'M8 2 14.5 13.500h-13ZM8 6.200v3.600M8 11.700h.01',
  medium: 'M8 1.8 14.2 8 8 14.2 1.8 8ZM8 5.200v3.200M8 10.700h.01',
  low: 'M8 1.800a6.2 6.2 0 1 0 0 12.400A6.2 6.2 0 0 0 8 1.800ZM8 7.200v3.600M8 5h.01',
} as const
export type IconName = keyof typeof drawings

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" fill="none" aria-hidden="true" focusable="false">
      <path d={drawings[name]} stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" />
    </svg>
  )
}
