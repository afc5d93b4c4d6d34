import { k8s } from './kplus';

/**
 * A variable with just this value: Kubernetes would take `$(NAME)` for a reference, and `$$` for one `$`.
 *
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function literal(name: string, value: string): k8s.EnvVar {
  return { name, value: /\$[$(]/.test(value) ? value.replaceAll('$', () => '$$') : value };
}
