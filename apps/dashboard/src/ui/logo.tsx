/** The bell. */
export function Logo({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false" className="logo">
      <rect width="32" height="32" rx="9" className="logo-ground" />
      <path
        d="M16 6.5c-4.2 0-6.6 3-6.6 7.2 0 4.6-1.6 6.4-2.4 7.300h18c-.8-.9-2.4-2.7-2.4-7.3 0-4.2-2.4-7.2-6.6-7.2Z"
        className="logo-bell"
      />
      <path d="M13.3 23.400a2.7 2.7 0 0 0 5.4 0Z" className="logo-clapper" />
    </svg>
  )
}
