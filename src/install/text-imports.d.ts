/** What `with { type: 'text' }` imports of shell scripts are. */
declare module '*.sh' {
  const text: string
  export default text
}
