/** Which variables of the server's environment a command of a client gets to see. */

/** What programs need to find their way: the user, the terminal, languages, proxies, tools. */
const NAMES: ReadonlySet<string> = new Set([
  ...['HOME', 'USER', 'LOGNAME', 'SHELL', 'PATH', 'TMPDIR', 'TZ', 'LANG', 'LANGUAGE'],
  ...['TERM', 'COLORTERM', 'NO_COLOR', 'FORCE_COLOR', 'EDITOR', 'VISUAL', 'PAGER', 'LESS', 'MANPATH', 'INFOPATH'],
  ...['SSH_AUTH_SOCK', 'SSH_AGENT_PID', 'GNUPGHOME', 'DISPLAY', 'WAYLAND_DISPLAY', 'XAUTHORITY'],
  ...['DBUS_SESSION_BUS_ADDRESS', 'WSL_DISTRO_NAME', 'WSL_INTEROP', '__CF_USER_TEXT_ENCODING'],
  ...['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NO_PROXY'],
  ...['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS', 'CURL_CA_BUNDLE', 'REQUESTS_CA_BUNDLE'],
  ...['CC', 'CXX', 'LD_LIBRARY_PATH', 'DYLD_LIBRARY_PATH', 'DYLD_FALLBACK_LIBRARY_PATH', 'PKG_CONFIG_PATH'],
  ...['JAVA_HOME', 'MAVEN_HOME', 'GRADLE_USER_HOME', 'ANDROID_HOME', 'ANDROID_SDK_ROOT', 'DOTNET_ROOT'],
  ...['GOPATH', 'GOROOT', 'GOBIN', 'GEM_HOME', 'GEM_PATH', 'BUNDLE_PATH', 'PYTHONPATH', 'VIRTUAL_ENV'],
  ...['NODE_PATH', 'BUN_INSTALL', 'DENO_DIR', 'DENO_INSTALL', 'PNPM_HOME', 'DEVELOPER_DIR', 'SDKROOT'],
  ...['DOCKER_HOST', 'DOCKER_CONTEXT', 'KUBECONFIG', 'CLAUDE_CONFIG_DIR', 'CODEX_HOME'],
])

/** Families of such variables. */
const PREFIXES = [
  ...['LC_', 'XDG_', 'NIX_', 'HOMEBREW_', 'CARGO_', 'RUSTUP_', 'NVM_', 'FNM_', 'VOLTA_', 'ASDF_', 'MISE_'],
  ...['PYENV_', 'RBENV_', 'SDKMAN_', 'CONDA_'],
]

/** In a family, what is called so is a secret all the same: CARGO_REGISTRY_TOKEN, HOMEBREW_GITHUB_API_TOKEN. */
const SECRET = /(TOKEN|KEY|SECRET|PASSWORD|PASSWD|CREDENTIAL|AUTH)/i

/** The variables that are listed here; whatever else the server was started with is not passed on. */
export function shellEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const passed = Object.entries(env).filter((entry): entry is [string, string] => {
    const [name, value] = entry
    return value !== undefined && isPassedOn(name)
  })
  return Object.fromEntries(passed)
}

function isPassedOn(name: string): boolean {
  return NAMES.has(name) || (PREFIXES.some((prefix) => name.startsWith(prefix)) && !SECRET.test(name))
}
