package race

import (
	"reflect"
	"slices"

	"ravine/problem"
)

// Become returns a runner of another race at that step, with as little work as
// that takes: it is r itself where only lanes have changed, and every lane that
// has not is kept as it is. The others are behind: see CatchUp. p is the race's
// problem, built from its spec and seed. On an error r is not changed.
func (r *Runner) Become(p problem.Problem, race Race, step int) (*Runner, error) {
	if !r.sameGround(p, race) {
		next, err := NewOn(p, race)
		if err != nil {
			return nil, err
		}
		next.Aim(step)
		return next, nil
	}
	rest := slices.Clone(r.lanes)
	lanes := make([]*Lane, len(race.Lanes))
	for i, spec := range race.Lanes {
		k := slices.IndexFunc(rest, func(l *Lane) bool { return l.spec.Equal(spec) })
		if k >= 0 {
			lanes[i] = rest[k]
			rest = slices.Delete(rest, k, k+1)
			continue
		}
		lane, err := r.newLane(spec)
		if err != nil {
			return nil, err
		}
		lanes[i] = lane
	}
	r.lanes, r.race.Steps = lanes, race.Steps
	r.Aim(step)
	return r, nil
}

// sameGround reports whether r's lanes would make the same steps in the other race.
func (r *Runner) sameGround(p problem.Problem, race Race) bool {
	race.Lanes, race.Steps = nil, r.race.Steps
	return p == r.problem && reflect.DeepEqual(race, r.race)
}

// Same reports whether two races are one.
func (r Race) Same(other Race) bool {
	lanes := slices.EqualFunc(r.Lanes, other.Lanes, LaneSpec.Equal)
	r.Lanes, other.Lanes = nil, nil
	return lanes && reflect.DeepEqual(r, other)
}
