package e2e_test

import (
	"strconv"
	"strings"
	"testing"

	"ravine/param"
)

// affordable reports whether the problem that text names, if it does, is made
// at once and of nothing but its own data: a fuzzer would ask for ten million
// examples, or for /proc/kmsg.
func affordable(text string) bool {
	spec, err := param.Parse(text)
	if err != nil {
		return true
	}
	for _, pair := range spec.Pairs {
		switch pair.Key {
		case "n", "features":
			if n, err := strconv.Atoi(pair.Value); err == nil && n > 500 {
				return false
			}
		case "file":
			if pair.Value != "testdata/fuzz.csv" {
				return false
			}
		}
	}
	return true
}

// FuzzRaceFlags: whatever the race flags say, the program runs, or says on one
// line what is wrong.
func FuzzRaceFlags(f *testing.F) {
	for _, seed := range [][4]string{
		{"ravine:kappa=40,angle=30", "adam:eta=0.1,eta@2=0.01", "1,2", "slides"},
		{"regression:n=20,reduce=mean", "minibatch:batch=7", "random", "papers"},
		{"regression:standardize=true,noise=0", "sgd:batch@2=all,batch@1=3", "-1e300,1e300", "slides"},
		{`regression:"file=testdata/fuzz.csv",x=a+b`, "lion:decay=0.1", "", "papers"},
		{"sparse:features=3", "adamw", "0,0,0", "slides"},
		{"neuron:n=10,noise=1", "nag:gamma=0", "1e9,-1e9", "slides"},
		{"rosenbrock:b=1e308", "adadelta:eps=1e-300", "nan,1", "paper"},
		{"ravine:kappa=5e-324", "gd:eta=1e308", "0x1p-3,1_0", "slides"},
		{"", ":", ",", "\x1b"},
		{"ravine:\"", "adam:@=", "\n", "slides\x00"},
		{"saddle:\xff=\xfe", "adam:eta@-1=NaN", "1,2,3", ""},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	f.Fuzz(func(t *testing.T, problem, optimizer, start, rules string) {
		if !affordable(problem) {
			t.Skip()
		}
		args := []string{"run", "--steps=3", "--every=2", "--problem=" + problem, "--opt=" + optimizer, "--rules=" + rules}
		if start != "" {
			args = append(args, "--start="+start)
		}
		stdout, stderr, status := ravine(args...)
		switch {
		case status == statusDone:
			if stderr != "" || !strings.HasPrefix(stdout, "step,lane,") || !strings.HasSuffix(stdout, "\n") {
				t.Errorf("%q: done, but stdout %q, stderr %q", args, stdout, stderr)
			}
			for _, row := range parseCSV(t, stdout) {
				for _, field := range row[4:] {
					if strings.ContainsAny(field, "NI") {
						t.Errorf("%q: a row has %s", args, field)
					}
				}
			}
		case status != statusFailed && status != statusUsage:
			t.Errorf("%q: status %d", args, status)
		default:
			if problem := notOneLine(stderr); problem != "" || stdout != "" {
				t.Errorf("%q: stdout %q; the error %q %s", args, stdout, stderr, problem)
			}
		}
	})
}
