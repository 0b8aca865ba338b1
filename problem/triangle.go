package problem

import (
	"errors"
	"math"
	"slices"

	"gonum.org/v1/gonum/lapack/lapack64"
	"gonum.org/v1/gonum/mat"
)

// blockRows is how many rows of data are factorized at a time.
const blockRows = 4096

// rankTolerance is the singular value, relative to the largest, up to which a
// direction counts as not determined by the data.
const rankTolerance = 1e-12

// triangulate returns R, width × width and upper triangular, of the QR
// factorization of a matrix with that many rows, which fill writes one by one.
// It holds a block of the rows at a time: R of the rows so far, stacked on the
// next block, has the same R as all of them.
func triangulate(rows, width int, fill func(row []float64, i int)) *mat.Dense {
	block := min(rows, blockRows)
	stack := mat.NewDense(width+block, width, nil)
	// As mat.QR does, but in place: that copies every block.
	reflectors, work := make([]float64, width), []float64{0}
	lapack64.Geqrf(stack.RawMatrix(), reflectors, work, -1)
	work = make([]float64, int(work[0]))
	for done := 0; done < rows; done += block {
		for k := range block {
			row := stack.RawRowView(width + k)
			if done+k < rows {
				fill(row, done+k)
			} else {
				clear(row)
			}
		}
		lapack64.Geqrf(stack.RawMatrix(), reflectors, work, len(work))
		for i := range width {
			clear(stack.RawRowView(i)[:i])
		}
	}
	return mat.DenseCopyOf(stack.Slice(0, width, 0, width))
}

// solution is the solution of min ½‖Xθ−y‖², from R of [X y].
type solution struct {
	triangle    *mat.Dense // R of X
	theta       []float64  // the minimum; of several, the one of smallest norm
	squares     float64    // ‖Xθ−y‖² there
	eigenvalues []float64  // of XᵀX, ascending
}

// solve solves least squares from the R of [X y]. It inverts nothing: singular
// values give rank, eigenvalues and the pseudo-inverse.
func solve(augmented *mat.Dense) (solution, error) {
	_, width := augmented.Dims()
	dim := width - 1
	triangle := mat.DenseCopyOf(augmented.Slice(0, dim, 0, dim))
	target := mat.NewVecDense(dim, mat.Col(nil, dim, augmented.Slice(0, dim, 0, width)))

	var svd mat.SVD
	if !svd.Factorize(triangle, mat.SVDThin) {
		return solution{}, errors.New("the singular values of the data do not converge")
	}
	theta, err := solveScaled(triangle, target)
	if err != nil {
		return solution{}, err
	}
	eigenvalues := svd.Values(nil)
	for i, sigma := range eigenvalues {
		eigenvalues[i] = sigma * sigma
	}
	if theta == nil {
		rank := svd.Rank(rankTolerance)
		theta = mat.NewVecDense(dim, nil)
		if rank > 0 {
			svd.SolveVecTo(theta, target, rank)
		}
		clear(eigenvalues[rank:])
	}
	slices.Reverse(eigenvalues)

	var residual mat.VecDense
	residual.MulVec(triangle, theta)
	residual.SubVec(&residual, target)
	last := augmented.At(dim, dim)
	return solution{
		triangle:    triangle,
		theta:       theta.RawVector().Data,
		squares:     mat.Dot(&residual, &residual) + last*last,
		eigenvalues: eigenvalues,
	}, nil
}

// solveScaled solves triangle·θ = target with every column scaled to length 1,
// so that a feature in small units is not lost in the rounding of one in large
// units. It returns nil if the columns are linearly dependent even so.
func solveScaled(triangle *mat.Dense, target *mat.VecDense) (*mat.VecDense, error) {
	dim, _ := triangle.Dims()
	scaled := mat.DenseCopyOf(triangle)
	lengths := make([]float64, dim)
	for j := range dim {
		lengths[j] = mat.Norm(triangle.ColView(j), 2)
		if lengths[j] == 0 {
			return nil, nil
		}
		for i := range dim {
			scaled.Set(i, j, triangle.At(i, j)/lengths[j])
		}
	}
	var svd mat.SVD
	if !svd.Factorize(scaled, mat.SVDThin) {
		return nil, errors.New("the singular values of the data do not converge")
	}
	if svd.Rank(rankTolerance) < dim {
		return nil, nil
	}
	theta := mat.NewVecDense(dim, nil)
	svd.SolveVecTo(theta, target, dim)
	for j, length := range lengths {
		theta.SetVec(j, theta.AtVec(j)/length)
		if math.IsInf(theta.AtVec(j), 0) {
			return nil, nil
		}
	}
	return theta, nil
}
